import { SignInForm } from '../../components/sign-in-form';

export default function SignUpPage() {
  return (
    <>
      <h1>Sign up</h1>
      <SignInForm label="Sign up" />
    </>
  );
}
