using System.Collections;
using System.Net.Sockets;
using EdgeGateway.Api;
using EdgeGateway.Api.Aws;
using EdgeGateway.Configuration;
using EdgeGateway.Identity.Certificates;
using EdgeGateway.Storage;
using EdgeGateway.Storage.Backup;
using Microsoft.AspNetCore.Connections;

namespace EdgeGateway.Hosting;

/// <summary>
/// One running gateway. The start goes from what costs nothing to what cannot be undone: the whole configuration is read and
/// judged, the data folder is locked and tried, the database opened; only then does anything listen.
/// </summary>
public sealed partial class GatewayHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly DataFolder _folder;
    private readonly SystemdNotifier _notifier;
    private bool _stopped;

    private GatewayHost(WebApplication app, DataFolder folder, SystemdNotifier notifier, IReadOnlyDictionary<string, string> endpoints)
    {
        _app = app;
        _folder = folder;
        _notifier = notifier;
        Endpoints = endpoints;
    }

    /// <summary>Listener name to <c>ADDRESS:PORT</c>, as in <c>endpoints.json</c>.</summary>
    public IReadOnlyDictionary<string, string> Endpoints { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>A backup waits to be put in place: start again after the stop.</summary>
    public bool WantsRestart => Restore.IsWaiting(_folder.Path);

    /// <summary>Composes and starts a gateway.</summary>
    /// <param name="options">The command line.</param>
    /// <param name="environment">As <see cref="Environment.GetEnvironmentVariables()"/> gives it.</param>
    /// <param name="amend">Called last on the services, for tests; null: nothing.</param>
    /// <param name="cancellationToken">Gives the start up.</param>
    /// <exception cref="ConfigurationException">The configuration is wrong; nothing was started or written.</exception>
    /// <exception cref="StartException">The machine does not allow it.</exception>
    public static async Task<GatewayHost> StartAsync(ServeOptions options, IDictionary environment, Action<IServiceCollection>? amend, CancellationToken cancellationToken)
    {
        var tree = Composition.Load(options, environment);
        var notifier = SystemdNotifier.FromEnvironment();
        var builder = WebApplication.CreateEmptyBuilder(new() { ContentRootPath = AppContext.BaseDirectory, ApplicationName = "edgegateway" });
        Logs.Add(builder.Logging);
        builder.Services.AddSingleton(notifier);
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
        var gateway = Composition.AddSlices(builder.Services, tree, options.Demo, options.Safe);
        var listeners = Listeners.Read(tree);
        tree.ThrowIfFaulty();
        amend?.Invoke(builder.Services);

        var folder = DataFolder.Open(gateway.DataFolder, DataFolder.FreeBytes);
        try
        {
            EndpointsFile.Remove(gateway.DataFolder); // left by a run that was killed
            var former = Restore.Apply(gateway.DataFolder);
            var socket = ControlSocketOf(options, gateway, out var tooLong);
            ControlSocket.Prepare(socket);
            var book = new ListenerBook();
            builder.Services.AddSingleton<IListenerPorts>(book);
            builder.Services.AddSingleton<IBoundListeners>(book);
            builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => listeners.Open(kestrel, socket, book));
            var app = builder.Build();
            try
            {
                app.Services.GetRequiredService<GatewayClock>();
                OpenState(app.Services);
                app.MapApi();
                await StartAsync(app, book, cancellationToken);
            }
            catch
            {
                await app.DisposeAsync();
                throw;
            }
            ControlSocket.Guard(socket);
            var logger = app.Services.GetRequiredService<ILogger<GatewayHost>>();
            if (tooLong is not null)
                LogSocketMoved(logger, tooLong, socket);
            if (former is not null)
                LogRestored(logger, former);
            var host = new GatewayHost(app, folder, notifier, book.Bound());
            EndpointsFile.Write(gateway.DataFolder, host.Endpoints);
            LogReady(logger, gateway.Name, ProductVersion.Current, string.Join(", ", host.Endpoints.Select(static endpoint => $"{endpoint.Key} {endpoint.Value}")));
            notifier.Ready();
            return host;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Completes when SIGTERM or SIGINT came, or a part asked the process to stop.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken)
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var lifetime = _app.Services.GetRequiredService<IHostApplicationLifetime>();
        lifetime.ApplicationStopping.Register(stopping.SetResult);
        return stopping.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Stops in the reverse order of the start: listeners and loops, the database, the lock.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopped)
            return;
        _stopped = true;
        if (!WantsRestart)
            _notifier.Stopping(); // systemd would hold the process to it
        EndpointsFile.Remove(_folder.Path);
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    // The socket of a gateway started by hand lies in its data folder; the installed service has /run/edgegateway (RuntimeDirectory=).
    private static string ControlSocketOf(ServeOptions options, GatewayOptions gateway, out string? tooLong)
    {
        tooLong = null;
        return options.DataFolder is null && Directory.Exists(Path.GetDirectoryName(ControlSocketPath.OfService))
            ? ControlSocketPath.OfService
            : ControlSocketPath.For(gateway.DataFolder, out tooLong);
    }

    // Before anything listens: what is kept on disk can be opened, or the start ends with a line that says why.
    private static void OpenState(IServiceProvider services)
    {
        services.GetRequiredService<Database>();
        try
        {
            services.GetRequiredService<IServerCertificate>();
        }
        catch (InvalidDataException ex)
        {
            throw new StartException(ex.Message, ex);
        }
    }

    private static async Task StartAsync(WebApplication app, ListenerBook book, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception ex) when (ex is AddressInUseException or SocketException or IOException { InnerException: AddressInUseException })
        {
            throw book.Explain(ex);
        }
    }

    [LoggerMessage(9001, LogLevel.Information, "{Name} is ready (edgegateway {Version}): {Endpoints}")]
    private static partial void LogReady(ILogger logger, string name, string version, string endpoints);

    [LoggerMessage(9003, LogLevel.Warning, "A backup was restored; what was there before is kept in {Former}: delete it when all is well")]
    private static partial void LogRestored(ILogger logger, string former);

    [LoggerMessage(9002, LogLevel.Warning, "{Wanted} is too long for a local socket (107 bytes): the command line finds this gateway at {Socket} instead")]
    private static partial void LogSocketMoved(ILogger logger, string wanted, string socket);
}
