using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace EdgeGateway.Benchmarks.Broker;

/// <summary>Debian's mosquitto with its defaults, ten lines of access control and no limit on what waits in flight.</summary>
internal sealed class MosquittoUnderTest : BrokerUnderTest
{
    private readonly string _folder;

    private MosquittoUnderTest(Process process, int port, string folder) : base("mosquitto", process, port) => _folder = folder;

    public static async Task<MosquittoUnderTest> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("bench-mosquitto-").FullName;
        var port = FreePort();
        File.WriteAllText(Path.Combine(folder, "acl"), string.Concat(Enumerable.Range(0, 9).Select(static n => $"topic readwrite other{n}/#\n")) + "topic readwrite bench/#\n");
        File.WriteAllText(Path.Combine(folder, "conf"), $"listener {port} 127.0.0.1\nallow_anonymous true\nacl_file {folder}/acl\nlog_type none\nuser root\n");
        var process = Process.Start(new ProcessStartInfo("mosquitto", ["-c", Path.Combine(folder, "conf")]) { RedirectStandardError = true })!;
        for (var tries = 0; ; tries++)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, port);
                return new(process, port, folder);
            }
            catch (SocketException) when (tries < 100)
            {
                await Task.Delay(50);
            }
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
