FROM rust:1-slim AS build
WORKDIR /src
COPY . .
RUN cargo install --path . --root /out --locked

FROM debian:stable-slim
COPY --from=build /out/bin/clickday /usr/local/bin/clickday
COPY LICENSE-MIT LICENSE-APACHE /usr/share/doc/clickday/
WORKDIR /work
ENTRYPOINT ["clickday"]
