// One part a folder; a part adds one line.
Dictionary<string, Func<string[], Task<int>>> parts = new(StringComparer.Ordinal)
{
    ["broker"] = EdgeGateway.Benchmarks.Broker.BrokerBenchmark.RunAsync,
    ["devices"] = EdgeGateway.Benchmarks.Devices.DeviceBenchmark.RunAsync,
    ["edge-to-output"] = EdgeGateway.Benchmarks.Devices.EdgeToOutputBenchmark.RunAsync,
    ["drivers"] = EdgeGateway.Benchmarks.Drivers.DriverBenchmark.RunAsync,
    ["identity"] = EdgeGateway.Benchmarks.Identity.PolicyBenchmark.RunAsync,
    ["identity-garbage"] = EdgeGateway.Benchmarks.Identity.GarbageBenchmark.RunAsync,
    ["registry"] = EdgeGateway.Benchmarks.Registry.RegistryBenchmark.RunAsync,
    ["outbox"] = EdgeGateway.Benchmarks.Sync.OutboxBenchmark.RunAsync,
    ["shadow-sync"] = EdgeGateway.Benchmarks.Shadows.SyncBenchmark.RunAsync,
    ["shadows"] = EdgeGateway.Benchmarks.Shadows.ShadowBenchmark.RunAsync,
    ["search"] = EdgeGateway.Benchmarks.Search.SearchBenchmark.RunAsync,
    ["rule-actions"] = EdgeGateway.Benchmarks.Rules.RuleActionBenchmark.RunAsync,
    ["rules"] = EdgeGateway.Benchmarks.Rules.RuleBenchmark.RunAsync,
};

if (args is [var name, .. var rest] && parts.TryGetValue(name, out var run))
    return await run(rest);
Console.Error.WriteLine($"usage: EdgeGateway.Benchmarks PART [ARGS]; parts: {string.Join(", ", parts.Keys.Order(StringComparer.Ordinal))}");
return 2;
