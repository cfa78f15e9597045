import { SignInForm } from '../../components/sign-in-form';

export default function SignInPage() {
  return (
    <>
      <h1>Sign in</h1>
      <SignInForm label="Sign in" />
    </>
  );
}
