# One image for the API and the worker; `--target sandbox` builds what takes their places around it in trials: the Impact sandbox and the token issuer.
#
# Debian, not Alpine: Temporal's native module and SWC's are linked against glibc.
FROM node:24.21.0-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# Optional dependencies stay: @temporalio/worker needs SWC, whose native part is one of them.
RUN npm ci

FROM dependencies AS build
COPY tsconfig.json tsconfig.build.json ./
COPY src src
COPY workflows workflows
COPY activities activities
COPY console console
RUN npm run build && npm prune --omit=dev

# For trials, so it has an image of its own: the Impact sandbox, and the token issuer (dev/issuer-process.ts).
FROM dependencies AS sandbox
COPY tsconfig.json ./
COPY src src
COPY dev dev
ENV HOST=0.0.0.0 PORT=4010
USER 1000:1000
CMD ["node", "--import", "tsx", "dev/impact-sandbox/main.ts"]

# A plain `docker build .` makes the last stage.
FROM node:24.21.0-bookworm-slim AS service
# Temporal's native client reads the system's certificates, which the slim image lacks.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
# 0.0.0.0, because other containers cannot connect to a container's loopback. If the container has a memory limit, set
# NODE_OPTIONS=--max-old-space-size to 80 % of it (in MiB): Temporal's native core needs the rest.
# https://docs.temporal.io/develop/typescript/workers/run-process
ENV NODE_ENV=production HOST=0.0.0.0
# The user `node` of the base image, by number, so that Kubernetes can verify that it is not root.
USER 1000:1000
# The worker: ["node", "dist/src/worker.js"].
CMD ["node", "dist/src/server.js"]
