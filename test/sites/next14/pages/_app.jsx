import { AffiliateCapture } from 'affiliate-capture/react';

const setAffiliateAttribution = (click) =>
  fetch('/shop/api/attribution', { method: 'PUT', body: JSON.stringify(click) });

export default function App({ Component, pageProps }) {
  return (
    <>
      <Component {...pageProps} />
      <AffiliateCapture isSignedIn={true} setAffiliateAttribution={setAffiliateAttribution} />
    </>
  );
}
