import { signIn } from '../app/actions';

export function SignInForm({ label }: { label: string }) {
  return (
    <form action={signIn}>
      <h1>{label}</h1>
      <label>
        Name <input name="name" required pattern="[a-z0-9]+" autoComplete="username" />
      </label>{' '}
      <button type="submit">{label}</button>
    </form>
  );
}
