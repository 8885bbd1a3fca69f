# One image with one program that serves the API and the app:
#   docker build -t scorehold .
# Three stages: the app, the server with the app inside, and a small Debian to run it in.

FROM node:20-bookworm-slim AS app
WORKDIR /src/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci
COPY frontend/ ./
RUN npm run build

FROM rust:1.95-bookworm AS server
WORKDIR /src
COPY . .
COPY --from=app /src/frontend/dist frontend/dist
RUN cargo build --locked --profile dist --package scorehold --features app,postgres-tls

# The machine of PostgreSQL and its archive, for the profile archive of docker-compose.yml: what backs up and
# recovers runs beside the cluster, as its user. The receivers run from the same image.
FROM postgres:17-bookworm AS cluster
RUN apt-get update && apt-get install --yes --no-install-recommends pgbackrest procps \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o postgres -g postgres -m 0700 /var/lib/scorehold/clusters /received /mnt/receiver_1 /mnt/receiver_2 \
    && install -d -o postgres -g postgres -m 0750 /var/lib/pgbackrest
COPY --from=server /src/target/dist/scorehold /usr/local/bin/scorehold
COPY deploy/scorehold-cluster deploy/scorehold-receiver /usr/local/bin/
USER postgres
WORKDIR /var/lib/scorehold

FROM debian:bookworm-slim
RUN useradd --system --uid 10001 --home-dir /var/lib/scorehold --create-home scorehold
COPY --from=server /src/target/dist/scorehold /usr/local/bin/scorehold
# The archiver of SQLite, a process of its own, which `scorehold recover` asks for what it has.
COPY --from=litestream/litestream:0.5.17 /usr/local/bin/litestream /usr/local/bin/litestream
USER scorehold
WORKDIR /var/lib/scorehold
VOLUME /var/lib/scorehold
# Inside a container the loopback interface reaches nobody. The environment has no default, here neither.
ENV SCOREHOLD__SERVER__BIND=0.0.0.0:8080
EXPOSE 8080
# The process only, as /healthz says it: a database that is away is no reason to kill the server.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /healthz HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["scorehold"]
CMD ["serve"]
