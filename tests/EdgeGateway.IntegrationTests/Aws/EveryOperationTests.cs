using System.Text.Json;

namespace EdgeGateway.IntegrationTests.Aws;

/// <summary>The AWS CLI as the client of every tier A operation: <c>tests/clients/aws/operations.py</c> runs its commands.</summary>
public sealed class EveryOperationTests(AwsGateway gateway) : IClassFixture<AwsGateway>
{
    /// <summary>Newer than the models of Debian 12's AWS CLI; AWS's SDK for Node has them (<see cref="NodeSdkTests"/>).</summary>
    private static readonly string[] Newer = ["DeleteConnection", "ListPrincipalThingsV2", "ListThingPrincipalsV2", "UpdateThingType"];

    [Fact]
    public async Task TierA_AwsCli_SucceedsAndIsRefusedByName()
    {
        var environment = gateway.Environment();
        environment["OPERATIONS"] = JsonSerializer.Serialize(OperationTiers.A.Select(static operation => operation.Name));

        var said = (await Programs.RunAsync("/usr/bin/python3", [Path.Combine(Programs.Repository, "tests", "clients", "aws", "operations.py")], environment)).Succeeded().Output;

        using var result = JsonDocument.Parse(said.TrimEnd().Split('\n')[^1]);
        var (succeeded, refused, absent) = (Names(result, "succeeded"), Names(result, "refused"), Names(result, "absent"));
        Assert.Empty(absent.Except(Newer));
        var expected = OperationTiers.A.Select(static operation => operation.Name).Except(absent).ToList();
        Assert.Empty(expected.Except(succeeded).Except(["DeleteConnection"])); // which needs a connection: NodeOperationTests
        Assert.Empty(expected.Except(refused));
    }

    private static List<string> Names(JsonDocument result, string member) => [.. result.RootElement.GetProperty(member).EnumerateArray().Select(static name => name.GetString()!)];
}
