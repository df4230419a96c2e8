using System.Text;
using EdgeGateway.Rules.Roles;
using Xunit;

namespace EdgeGateway.Tests.Rules;

public sealed class RoleTests
{
    private const string Writer = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iot:Publish","dynamodb:PutItem"],"Resource":["arn:aws:iot:edge:000000000000:topic/out/*","arn:aws:dynamodb:edge:000000000000:table/log"]}]}""";

    [Fact]
    public async Task Action_OfARole_MayWhatItsDocumentAllows_AndNothingOnceItIsTakenAway()
    {
        await using var host = await RuleTestHost.StartAsync();
        Assert.Null(await host.Roles.PutAsync(new RuleRole("writer", Writer)));
        var definition = RuleTestHost.Definition("SELECT * FROM 'in/+'", """{"republish":{"roleArn":"arn:aws:iam::000000000000:role/writer","topic":"${topic(2)}/x"}}""") with { ErrorAction = """{"republish":{"topic":"errors"}}""" };
        Assert.Null(await host.Engine.CreateAsync("r", definition, default));
        host.Bus.Publish("in/out", "{}");
        await host.Bus.NextAsync("out/x");
        host.Bus.Publish("in/elsewhere", "{}");
        Assert.Contains("the role writer does not allow iot:Publish", Encoding.UTF8.GetString((await host.Bus.NextAsync("errors")).Payload.Span), StringComparison.Ordinal);
        Assert.Null(await host.Roles.DeleteAsync("writer"));
        await host.RestartAsync(); // a role that was taken away stays so
        host.Bus.Publish("in/out", "{}");
        Assert.Contains("was taken away", Encoding.UTF8.GetString((await host.Bus.NextAsync("errors")).Payload.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Action_WithoutARole_HasTheDefaultPermissions()
    {
        await using var host = await RuleTestHost.StartAsync();
        Assert.Null(host.Roles.Refusal(null, "iot:Publish", "arn:aws:iot:edge:000000000000:topic/a"));
        Assert.Null(host.Roles.Refusal("arn:aws:iam::123456789012:role/of_the_cloud", "iot:Publish", "arn:aws:iot:edge:000000000000:topic/$aws/things/a/shadow/update"));
        Assert.NotNull(host.Roles.Refusal(null, "iot:Publish", "arn:aws:iot:edge:000000000000:topic/$aws/events/x"));
    }

    [Theory]
    [InlineData("edge-default", Writer)]
    [InlineData("a b", Writer)]
    [InlineData("x", """{"Statement":[{"Effect":"Perhaps","Action":"*","Resource":"*"}]}""")]
    public async Task Role_Wrong_IsRefused(string name, string document)
    {
        await using var host = await RuleTestHost.StartAsync();
        Assert.NotNull(await host.Roles.PutAsync(new RuleRole(name, document)));
    }
}
