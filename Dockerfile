# The published program on plain Debian. Publish first, on any machine with the SDK:
#   dotnet publish src/Kpi -c Release -r linux-x64 --self-contained -o publish
FROM debian:bookworm-slim
COPY publish/ /opt/kpi/
RUN useradd --system --home-dir /var/lib/kpi --create-home kpi
USER kpi
WORKDIR /var/lib/kpi
VOLUME /var/lib/kpi
STOPSIGNAL SIGTERM
ENTRYPOINT ["/opt/kpi/kpi", "serve", "--data", "/var/lib/kpi/data", "--alerts", "/opt/kpi/alerts"]
