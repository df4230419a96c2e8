using System.Net.Sockets;
using EdgeGateway.Api;
using EdgeGateway.Cli;
using EdgeGateway.Hosting;
using EdgeGateway.IntegrationTests.Broker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeGateway.IntegrationTests;

/// <summary>
/// The whole gateway as <c>serve</c> composes it, in this process: a data folder of its own, every listener on loopback with a port of its
/// own. An entry of level Error in its log fails the test at the end, whatever it asserted; <see cref="AllowErrors"/> where one is provoked.
/// </summary>
public sealed class RunningGateway : IAsyncDisposable
{
    private readonly ErrorLog _errors;
    private readonly bool _ownsFolder;
    private bool _allowErrors;

    private RunningGateway(GatewayHost host, string folder, bool ownsFolder, ErrorLog errors) => (Host, Folder, _ownsFolder, _errors) = (host, folder, ownsFolder, errors);

    public GatewayHost Host { get; }
    public string Folder { get; }
    public IServiceProvider Services => Host.Services;
    public int MqttPort => PortOf("mqtt");
    public int MqttsPort => PortOf("mqtts");
    public int HttpPort => PortOf("http");
    public int HttpsPort => PortOf("https");
    public Uri Http => new($"http://127.0.0.1:{HttpPort}/");

    /// <param name="settings"><c>KEY=VALUE</c> as of <c>--set</c>, before the ports and addresses.</param>
    /// <param name="folder">A data folder that outlives this gateway; null: one of its own.</param>
    public static async Task<RunningGateway> StartAsync(IEnumerable<string>? settings = null, string? folder = null, bool demo = false, Action<IServiceCollection>? amend = null, bool safe = false)
    {
        var data = folder ?? Directory.CreateTempSubdirectory("edgegateway-").FullName;
        var errors = new ErrorLog();
        string[] loopback = [.. new[] { "mqtt", "mqtts", "https", "http" }.SelectMany(static name => new[] { $"listeners.{name}.address=127.0.0.1", $"listeners.{name}.port=0" })];
        var options = new ServeOptions { DataFolder = data, Demo = demo, Safe = safe, Settings = [.. loopback, .. settings ?? []] };
        var host = await GatewayHost.StartAsync(options, new Dictionary<string, string>(), amend, CancellationToken.None);
        host.Services.GetRequiredService<ILoggerFactory>().AddProvider(errors);
        return new(host, data, folder is null, errors);
    }

    /// <summary>The command line against this gateway, in this process.</summary>
    public async Task<ProgramResult> CliAsync(params string[] arguments)
    {
        var globals = new GlobalOptions();
        var root = CommandLine.Create(globals, ServeCommand.Create(globals.Data), ConfigCommand.Create());
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.InvokeAsync(root, [.. arguments, "--data", Folder], output, error);
        return new($"edgegateway {string.Join(' ', arguments)}", code, output.ToString(), error.ToString());
    }

    /// <summary>HTTP over the control socket, as an administrator.</summary>
    public HttpClient ControlClient()
    {
        var path = ControlSocketPath.For(Folder, out _);
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, token) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), token);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        return new(handler) { BaseAddress = new("http://localhost/") };
    }

    /// <summary>The test provokes errors: they are no longer a failure of their own.</summary>
    public void AllowErrors() => _allowErrors = true;

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        if (_ownsFolder)
            Directory.Delete(Folder, recursive: true);
        if (!_allowErrors)
            Assert.Empty(_errors.Entries);
    }

    private int PortOf(string listener) => int.Parse(Host.Endpoints[listener].Split(':')[^1], System.Globalization.CultureInfo.InvariantCulture);
}
