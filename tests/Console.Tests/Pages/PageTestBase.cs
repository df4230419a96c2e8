using Bunit;
using Console.Tests.Gateway;
using Console.Tests.Mqtt;
using EdgeGateway.Pages.Gateway;
using EdgeGateway.Pages.Live;
using EdgeGateway.Pages.Mqtt;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MudBlazor.Services;

namespace Console.Tests.Pages;

/// <summary>The pages' services with a scripted gateway behind them; the browser's scripts answer with nothing.</summary>
public abstract class PageTestBase : BunitContext
{
    protected PageTestBase()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices(options => options.PopoverOptions.CheckForPopoverProvider = false);
        Services.AddSingleton<TimeProvider>(Time);
        Services.AddSingleton(Gateway.Client());
        Services.AddSingleton<IMqttDialer>(new ScriptedBroker { IsAway = true });
        Services.AddSingleton(new Backoff(() => 0));
        Services.AddSingleton<LiveFeed>();
        Services.AddSingleton<ReadingHistory>();
        Services.AddSingleton<GatewayMonitor>();
    }

    internal ScriptedGateway Gateway { get; } = new();

    protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));

    internal GatewayMonitor Monitor => Services.GetRequiredService<GatewayMonitor>();

    protected Task RefreshAsync() => Monitor.RefreshAsync(CancellationToken.None);
}
