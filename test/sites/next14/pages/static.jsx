export const getStaticProps = () => ({ props: {} });

export default function StaticPage() {
  return <p data-testid="seen">static</p>;
}
