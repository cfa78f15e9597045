import { SignInForm } from '../../components/sign-in-form';

export default function SignUpPage() {
  return <SignInForm label="Sign up" />;
}
