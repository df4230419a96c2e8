using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace EdgeGateway.IntegrationTests;

/// <summary>A mosquitto on a loopback port, with its state in a folder: stopped and started again it has its sessions back.</summary>
internal sealed class Mosquitto : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly string _folder = Directory.CreateTempSubdirectory("mosquitto-").FullName;
    private Process? _process;

    public int Port { get; } = FreePort();

    public static async Task<Mosquitto> StartNewAsync()
    {
        var mosquitto = new Mosquitto();
        await mosquitto.StartAsync();
        return mosquitto;
    }

    public async Task StartAsync()
    {
        var configuration = Path.Combine(_folder, "mosquitto.conf");
        await File.WriteAllTextAsync(configuration, string.Create(CultureInfo.InvariantCulture,
            $"listener {Port} 127.0.0.1\nallow_anonymous true\npersistence true\npersistence_location {_folder}/\nmax_queued_messages 0\nuser root\n"));
        var process = Process.Start(new ProcessStartInfo("mosquitto", ["-c", configuration]) { RedirectStandardError = true })!;
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data?.Contains(" running", StringComparison.Ordinal) == true)
                running.TrySetResult();
        };
        process.BeginErrorReadLine();
        if (await Task.WhenAny(running.Task, process.WaitForExitAsync()).WaitAsync(Patience) != running.Task)
            Assert.Fail($"mosquitto ended with {process.ExitCode}");
        _process = process;
    }

    /// <summary>SIGTERM: it writes down its sessions and queues.</summary>
    public async Task StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync().WaitAsync(Patience);
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
