using System.Globalization;
using EdgeGateway.Hosting;
using EdgeGateway.Identity.Policies;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGateway.Benchmarks.Broker;

/// <summary><c>broker memory</c>: bytes of live objects that one idle connection with one subscription keeps, gateway and clients in one process.</summary>
internal static class MemoryBenchmark
{
    private const int Connections = 2000;

    public static async Task<int> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("bench-memory-").FullName;
        try
        {
            await using var host = await GatewayHost.StartAsync(
                new ServeOptions { DataFolder = folder, Settings = GatewayUnderTest.Settings }, new Dictionary<string, string>(), amend: null, CancellationToken.None);
            await host.Services.GetRequiredService<IPolicies>().CreateAsync(GatewayUnderTest.PolicyName, GatewayUnderTest.TenStatements(), "bench");
            var port = int.Parse(host.Endpoints["mqtt"].Split(':')[^1], CultureInfo.InvariantCulture);
            var clients = new List<LoadConnection>();
            foreach (var count in new[] { 200, Connections })
            {
                var before = Live();
                for (var n = 0; n < count; n++)
                    clients.Add(LoadConnection.Open(port, $"memory-{clients.Count}", clean: true, $"bench/memory/{clients.Count}"));
                var after = Live();
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} connections: {(after - before) / count} B of live objects each, clients' own included"));
            }
            clients.ForEach(static client => client.Dispose());
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static long Live() => GC.GetTotalMemory(forceFullCollection: true);
}
