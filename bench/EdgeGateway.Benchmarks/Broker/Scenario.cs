namespace EdgeGateway.Benchmarks.Broker;

/// <param name="Run">Runs it once against one broker.</param>
/// <param name="IsFresh">Each round has brokers of its own, since memory that was taken once is not given back; nothing is warmed up.</param>
internal sealed record Scenario(string Name, Func<BrokerUnderTest, Figures> Run, bool IsFresh = false);
