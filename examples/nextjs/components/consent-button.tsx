'use client';

import { clearClickId } from 'affiliate-capture';
import { setConsent } from '../app/actions';

/** Asks for consent, or withdraws it. A withdrawal removes what this browser has stored. */
export function ConsentButton({ isTracked }: { isTracked: boolean }) {
  return (
    <form action={setConsent} onSubmit={() => isTracked && clearClickId()}>
      <button type="submit" name="consent" value={isTracked ? 'no' : 'yes'}>
        {isTracked ? 'Do not remember who sent me here' : 'Remember who sent me here'}
      </button>
    </form>
  );
}
