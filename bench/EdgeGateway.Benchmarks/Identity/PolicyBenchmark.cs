using EdgeGateway.Identity.Policies;

namespace EdgeGateway.Benchmarks.Identity;

/// <summary>What a compiled policy costs at every PUBLISH, against the interpreter that decides everything else.</summary>
internal static class PolicyBenchmark
{
    private const string ArnPrefix = "arn:aws:iot:edge:000000000000:";
    private const int Decisions = 100_000;

    public static Task<int> RunAsync(string[] arguments)
    {
        var document = PolicyDocument.Parse($$"""
            { "Version": "2012-10-17", "Statement": [
              { "Effect": "Deny", "Action": "iot:Publish", "Resource": "{{ArnPrefix}}topic/*/secret" },
              { "Effect": "Allow", "Action": "iot:*", "Resource": ["{{ArnPrefix}}topic/devices/${iot:ClientId}/*"] } ] }
            """);
        var context = new PolicyContext().Set(PolicyKeys.ClientId, "c1");
        PolicySource[] policies = [new("bench", "1", "certificate", document)];
        var compiled = CompiledPolicy.Compile(policies, "c1", context, ArnPrefix);
        var fast = Measurement.Of("identity/publish-decision", Decisions, () =>
        {
            for (var n = 0; n < Decisions; n++)
                _ = compiled.Publish("devices/c1/telemetry"u8);
        });
        var slow = Measurement.Of("identity/publish-decision", Decisions / 100, () =>
        {
            for (var n = 0; n < Decisions / 100; n++)
                _ = PolicyInterpreter.Decide(policies, "iot:Publish", ArnPrefix + "topic/devices/c1/telemetry", context, new PolicyRules());
        });
        Console.WriteLine($"interpreter / compiled: {slow.Nanoseconds / fast.Nanoseconds:0.0}");
        return Task.FromResult(fast.Report());
    }
}
