using System.Net;
using EdgeGateway.Broker;
using EdgeGateway.Configuration;
using EdgeGateway.Gateway;
using EdgeGateway.Identity;
using EdgeGateway.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeGateway.IntegrationTests.Broker;

/// <summary>Broker and device gateway on real sockets, without the other slices; fails on any error that is logged.</summary>
internal sealed class BrokerHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ErrorLog _errors = new();
    private string? _ownData;

    private BrokerHost(WebApplication app) => _app = app;

    public OpenAuthority Authority { get; private init; } = new();
    public int MqttPort { get; private set; }

    /// <summary>Plain MQTT as TLS and WebSocket carry it: on Kestrel.</summary>
    public int KestrelPort { get; private set; }

    public int HttpPort { get; private set; }
    public IMessageBus Bus => _app.Services.GetRequiredService<IMessageBus>();
    public BrokerStatus Status => _app.Services.GetRequiredService<BrokerStatus>();

    public static async Task<BrokerHost> StartAsync(string yaml = "", TimeProvider? time = null, string? data = null)
    {
        var ownData = data is null ? Directory.CreateTempSubdirectory("edgegateway-broker-").FullName : null;
        var tree = ConfigurationTree.Parse(yaml.Contains("listeners:", StringComparison.Ordinal) ? yaml : $"{yaml}\nlisteners: {{ mqtt: {{ port: 0 }} }}");
        var builder = WebApplication.CreateSlimBuilder();
        var authority = new OpenAuthority();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddSingleton<IAuthenticator>(authority);
        builder.Services.AddSingleton<IAuthorizer>(authority);
        builder.Services.AddSingleton(new GatewayOptions { Name = "test", Account = "000000000000", Region = "edge", DataFolder = data ?? ownData! });
        builder.Services.AddBroker(tree.Root);
        builder.Services.AddGateway(tree.Root);
        tree.ThrowIfFaulty();
        builder.WebHost.ConfigureKestrel(static kestrel =>
        {
            kestrel.ListenMqtt(new IPEndPoint(IPAddress.Loopback, 0));
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        var app = builder.Build();
        var host = new BrokerHost(app) { Authority = authority, _ownData = ownData };
        app.Services.GetRequiredService<ILoggerFactory>().AddProvider(host._errors);
        app.UseWebSockets();
        app.Map("/mqtt", static http => http.HandleMqttWebSocketAsync(principal: null));
        await app.StartAsync();
        var ports = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(static address => new Uri(address).Port).ToArray();
        host.KestrelPort = ports[0];
        host.MqttPort = app.Services.MqttBound().Port;
        host.HttpPort = ports[1];
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        if (_ownData is not null)
            Directory.Delete(_ownData, recursive: true);
        Assert.Empty(_errors.Entries);
    }
}
