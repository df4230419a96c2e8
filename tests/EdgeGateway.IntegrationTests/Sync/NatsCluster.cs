using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace EdgeGateway.IntegrationTests.Sync;

/// <summary>Three nodes of NATS with JetStream and its MQTT door on loopback: what is acknowledged is on two nodes at least.</summary>
internal sealed class NatsCluster : IAsyncDisposable
{
    private const int Nodes = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly string _folder = Directory.CreateTempSubdirectory("nats-").FullName;
    private readonly int[] _ports = [.. FreePorts(4 * Nodes)];
    private readonly Process?[] _processes = new Process?[Nodes];

    /// <summary>Of each node.</summary>
    public IReadOnlyList<int> MqttPorts => _ports[Nodes..(2 * Nodes)];

    public static async Task<NatsCluster> StartNewAsync()
    {
        var cluster = new NatsCluster();
        for (var node = 0; node < Nodes; node++)
            cluster.Start(node);
        using var http = new HttpClient();
        using var limit = new CancellationTokenSource(Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var node = 0; node < Nodes; node++)
            while (!await cluster.IsReadyAsync(http, node))
                await look.WaitForNextTickAsync(limit.Token);
        return cluster;
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync(int node)
    {
        _processes[node]!.Kill();
        await _processes[node]!.WaitForExitAsync().WaitAsync(Patience);
    }

    public void Start(int node)
    {
        var routes = string.Join(", ", Enumerable.Range(0, Nodes).Select(other => $"\"nats://127.0.0.1:{_ports[(2 * Nodes) + other]}\""));
        var configuration = Path.Combine(_folder, $"n{node}.conf");
        File.WriteAllText(configuration, string.Create(CultureInfo.InvariantCulture, $$"""
            server_name: n{{node}}
            listen: "127.0.0.1:{{_ports[node]}}"
            http: "127.0.0.1:{{_ports[(3 * Nodes) + node]}}"
            jetstream { store_dir: "{{_folder}}/n{{node}}" }
            mqtt { listen: "127.0.0.1:{{_ports[Nodes + node]}}" }
            cluster { name: site, listen: "127.0.0.1:{{_ports[(2 * Nodes) + node]}}", routes: [ {{routes}} ] }
            """));
        _processes[node] = Process.Start(new ProcessStartInfo("nats-server", ["-c", configuration, "-l", Path.Combine(_folder, $"n{node}.log")]));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            if (process is { HasExited: false })
            {
                process.Kill();
                await process.WaitForExitAsync();
            }
            process?.Dispose();
        }
        Directory.Delete(_folder, recursive: true);
    }

    // JetStream has a leader, and this node knows it.
    private async Task<bool> IsReadyAsync(HttpClient http, int node)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{_ports[(3 * Nodes) + node]}/healthz"));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static List<int> FreePorts(int count)
    {
        var listeners = new List<TcpListener>();
        for (var i = 0; i < count; i++)
        {
            var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            listeners.Add(listener);
        }
        var ports = listeners.Select(static listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToList();
        listeners.ForEach(static listener => listener.Dispose());
        return ports;
    }
}
