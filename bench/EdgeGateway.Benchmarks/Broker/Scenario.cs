namespace EdgeGateway.Benchmarks.Broker;

/// <param name="Run">Runs it once against one broker.</param>
internal sealed record Scenario(string Name, Func<BrokerUnderTest, Figures> Run);
