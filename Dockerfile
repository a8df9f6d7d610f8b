# The same Debian in both, so that the program finds the C library that it was built with.
FROM rust:1-slim-trixie AS build
WORKDIR /src
COPY . .
RUN cargo install --path . --root /out --locked

FROM debian:trixie-slim
COPY --from=build /out/bin/clickday /usr/local/bin/clickday
COPY LICENSE-MIT LICENSE-APACHE /usr/share/doc/clickday/
WORKDIR /work
ENTRYPOINT ["clickday"]
