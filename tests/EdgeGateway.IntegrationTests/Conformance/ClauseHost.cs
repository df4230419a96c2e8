using EdgeGateway.IntegrationTests.Broker;

namespace EdgeGateway.IntegrationTests.Conformance;

/// <summary>One broker for all rows: each has a client and topics of its own.</summary>
public sealed class ClauseHost : IAsyncLifetime
{
    private BrokerHost? _host;

    internal BrokerHost Host => _host!;

    public async ValueTask InitializeAsync() => _host = await BrokerHost.StartAsync("broker: { connectRate: 0 }");

    public ValueTask DisposeAsync() => _host!.DisposeAsync();
}
