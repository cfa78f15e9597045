import type { NextConfig } from 'next';

const config: NextConfig = {
  // TypeScript 7 has no API for Next.js to check types with, only its command.
  experimental: { useTypeScriptCli: true },
  poweredByHeader: false,
  devIndicators: false,
};

export default config;
