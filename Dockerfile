# One image, three roles: node (default), load, job. Built for arm64 by the deployment; the build stage runs natively.
ARG NODE_IMAGE=node:24-bookworm-slim
FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS build
WORKDIR /source
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --omit=dev --no-audit --no-fund
COPY contract contract
COPY server server
COPY lib/image lib/image
COPY scripts/build-image.js scripts/explorer-files.js scripts/
RUN node scripts/build-image.js /application

FROM ${NODE_IMAGE}
ENV NODE_ENV=production UV_THREADPOOL_SIZE=16
# Owned by root and only readable: the node cannot change its own program even with a writable root.
COPY --from=build --chown=0:0 --chmod=0555 /application /app
WORKDIR /tmp
USER 1000:1000
EXPOSE 8080 8081
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["node", "/app/probe.cjs", "/health/live"]
ENTRYPOINT ["node", "/app/container.cjs"]
CMD ["node"]
