using System.Collections.Concurrent;
using System.Net;
using EdgeGateway.Api;
using EdgeGateway.Broker;
using EdgeGateway.Configuration;
using EdgeGateway.Gateway;
using EdgeGateway.Identity;
using EdgeGateway.IntegrationTests.Broker;
using EdgeGateway.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeGateway.IntegrationTests.Pages;

/// <summary>The console's files as the service serves them, the real broker on a WebSocket, and scripted answers of /edge/v1.</summary>
internal sealed class ConsoleSite : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _data;
    private readonly ErrorLog _errors = new();
    private readonly ConcurrentDictionary<string, string> _answers = new();

    private ConsoleSite(WebApplication app, string data) => (_app, _data) = (app, data);

    public Uri Address { get; private set; } = null!;

    /// <summary>Calls that change something, as <c>PUT /edge/v1/wired/fan/state {"state":"on"}</c>.</summary>
    public ConcurrentQueue<string> Changes { get; } = new();

    public static async Task<ConsoleSite> StartAsync()
    {
        var data = Directory.CreateTempSubdirectory("edgegateway-console-").FullName;
        var builder = WebApplication.CreateSlimBuilder();
        var authority = new OpenAuthority();
        var tree = ConfigurationTree.Parse("listeners: { mqtt: { port: 0 } }"); // not 1883, which another gateway of this machine may have
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IAuthenticator>(authority);
        builder.Services.AddSingleton<IAuthorizer>(authority);
        builder.Services.AddSingleton(new GatewayOptions { Name = "test", Account = "000000000000", Region = "edge", DataFolder = data });
        builder.Services.AddBroker(tree.Root);
        builder.Services.AddGateway(tree.Root);
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var site = new ConsoleSite(app, data);
        app.Services.GetRequiredService<ILoggerFactory>().AddProvider(site._errors);
        app.UseWebSockets();
        app.Map("/mqtt", static http => http.HandleMqttWebSocketAsync(principal: null));
        app.Map("/edge/v1/{**path}", site.AnswerAsync);
        Assert.True(app.MapConsole(), "the console's files are not beside the tests");
        site.Answer("GET session", """{"name":"demo","role":"operator","token":null,"isUnclaimed":false}""");
        await app.StartAsync();
        site.Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return site;
    }

    /// <param name="call">Such as <c>GET wired</c>.</param>
    public void Answer(string call, string body) => _answers[call] = body;

    public async Task PublishAsync(string topic, string payload) =>
        await _app.Services.GetRequiredService<IMessageBus>().PublishAsync(new ApplicationMessage(topic, System.Text.Encoding.UTF8.GetBytes(payload)), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(_data, recursive: true);
        Assert.Empty(_errors.Entries);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var call = $"{context.Request.Method} {context.Request.Path.Value!["/edge/v1/".Length..]}";
        if (!HttpMethods.IsGet(context.Request.Method))
            Changes.Enqueue($"{call} {await new StreamReader(context.Request.Body).ReadToEndAsync(context.RequestAborted)}");
        context.Response.StatusCode = _answers.ContainsKey(call) || !HttpMethods.IsGet(context.Request.Method) ? 200 : 404;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(_answers.GetValueOrDefault(call, "{}"), context.RequestAborted);
    }
}
