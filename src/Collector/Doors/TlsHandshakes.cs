using System.Net.Security;

namespace Kpi.Collector.Doors;

/// <summary>
/// What handshakes use, an object for each port: Kestrel writes the protocols of the port whose handshake comes first into one that
/// names none, and would then offer them at the other port too.
/// </summary>
internal sealed record TlsHandshakes(SslServerAuthenticationOptions Grpc, SslServerAuthenticationOptions Http);
