using System.Diagnostics;
using System.Text.Json;

namespace EdgeGateway.IntegrationTests;

/// <summary>
/// A gateway in a process of its own, to be killed. Runs the built <c>edgegateway.dll</c>, or the program named in <c>EDGEGATEWAY_BINARY</c>.
/// Every listener on loopback with a port of its own; the same data folder may be started again and again.
/// </summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly Process _process;
    private readonly List<string> _log = [];
    private readonly Dictionary<string, int> _ports = [];

    private GatewayProcess(Process process, string folder) => (_process, Folder) = (process, folder);

    public string Folder { get; }
    public int Id => _process.Id;
    public int MqttPort => _ports["mqtt"];
    public int MqttsPort => _ports["mqtts"];
    public int HttpPort => _ports["http"];
    public int HttpsPort => _ports["https"];

    /// <summary>All lines it wrote so far.</summary>
    public string[] Log
    {
        get
        {
            lock (_log)
                return [.. _log];
        }
    }

    public static Task<GatewayProcess> StartAsync(string folder, params string[] arguments) => StartAsync(folder, new Dictionary<string, string>(), arguments);

    /// <param name="environment">Of the gateway, besides the present one.</param>
    public static async Task<GatewayProcess> StartAsync(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        string[] loopback = [.. new[] { "mqtt", "mqtts", "https", "http" }.SelectMany(static name => new[] { "--set", $"listeners.{name}.address=127.0.0.1", "--set", $"listeners.{name}.port=0" })];
        var (program, first) = Program();
        // Never from the program's folder: it has to find its files by itself.
        var start = new ProcessStartInfo(program, [.. first, "serve", "--data", folder, .. loopback, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        var gateway = new GatewayProcess(process, folder);
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Line(string? line)
        {
            if (line is null)
                return;
            lock (gateway._log)
                gateway._log.Add(line);
            if (line.Contains(" is ready (edgegateway ", StringComparison.Ordinal))
                ready.TrySetResult();
        }
        process.OutputDataReceived += (_, line) => Line(line.Data);
        process.ErrorDataReceived += (_, line) => Line(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var ended = process.WaitForExitAsync();
        if (await Task.WhenAny(ready.Task, ended).WaitAsync(Patience) == ended)
            Assert.Fail($"the gateway ended with {process.ExitCode}:\n{string.Join('\n', gateway.Log)}");
        using var endpoints = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "endpoints.json")));
        foreach (var endpoint in endpoints.RootElement.EnumerateObject())
            gateway._ports[endpoint.Name] = int.Parse(endpoint.Value.GetString()!.Split(':')[^1], System.Globalization.CultureInfo.InvariantCulture);
        return gateway;
    }

    /// <summary>Runs the program to its end: a command of it, or a start that is refused.</summary>
    public static Task<ProgramResult> RunAsync(params string[] arguments)
    {
        var (program, first) = Program();
        return Programs.RunAsync(program, [.. first, .. arguments], folder: Path.GetTempPath());
    }

    /// <summary>SIGKILL: as a power cut, but for the page cache.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Patience);
    }

    /// <summary>SIGTERM, and its exit code.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    private static (string Program, string[] First) Program() => Environment.GetEnvironmentVariable("EDGEGATEWAY_BINARY") is { Length: > 0 } binary
        ? (binary, [])
        : ("dotnet", [Path.Combine(AppContext.BaseDirectory, "edgegateway.dll")]);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }
}
