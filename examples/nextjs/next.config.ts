import type { NextConfig } from 'next';

const config: NextConfig = {
  // TypeScript 7 has no API with which Next.js could check types, so Next.js runs the `tsc` command.
  experimental: { useTypeScriptCli: true },
  poweredByHeader: false,
  devIndicators: false,
};

export default config;
