/** Both put a prefix before the path of the home page. */
export default {
  basePath: '/shop',
  i18n: { locales: ['en', 'de'], defaultLocale: 'en' },
  reactStrictMode: true,
};
