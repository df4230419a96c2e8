using System.Text;
using CsCheck;
using EdgeGateway.Identity.Policies;
using Xunit;

namespace EdgeGateway.Tests.Identity.Policies;

public sealed class CompiledPolicyTests
{
    private const string ArnPrefix = "arn:aws:iot:edge:000000000000:";

    // Few letters, wildcards and a character of three bytes: random patterns and topics meet often.
    private static readonly Gen<string> Letters = OneOf("a", "b", "/", "+", "€", "topic/");
    private static readonly Gen<string> Topic = Letters.Array[0, 6].Select(string.Concat);
    private static readonly Gen<string> PatternPart = Gen.OneOf(
        Letters, OneOf("*", "?", "*", "${iot:ClientId}", "${iot:CertificateId}", "${*}", "${iot:Connection.Thing.Attributes[x]}"));

    private static readonly Gen<string> Resource = Gen.Select(
        OneOf(ArnPrefix + "topic/", ArnPrefix + "topicfilter/", "arn:aws:iot:*:*:topic/", "arn:aws:iot:*", "arn:aws:iot:eu-west-1:1:topic/", "arn:*:topic?"),
        PatternPart.Array[0, 6].Select(string.Concat),
        (front, back) => front + (front.EndsWith('/') && back.Length == 0 ? "*" : back));

    private static readonly Gen<string> Action = OneOf("iot:Publish", "iot:*", "iot:Subscribe", "IOT:receive", "iot:Retain*", "iot:?onnect", "s3:*", "*");

    private static readonly Gen<string> Condition = OneOf(
        "", "", """, "Condition": { "StringLike": { "iot:ClientId": "a*" } }""", """, "Condition": { "StringNotEquals": { "iot:CertificateId": "z" } }""");

    private static readonly Gen<string> Statement = Gen.Select(
        OneOf("Allow", "Allow", "Deny"), Gen.Bool, Action.Array[1, 2], Gen.Bool, Gen.OneOf(Resource, Gen.Const("*")).Array[1, 3], Condition,
        (effect, notAction, actions, notResource, resources, condition) =>
            $$"""{ "Effect": "{{effect}}", "{{(notAction ? "NotAction" : "Action")}}": [{{Quoted(actions)}}], "{{(notResource ? "NotResource" : "Resource")}}": [{{Quoted(resources)}}]{{condition}} }""");

    private static readonly Gen<string> Document = Statement.Array[1, 4].Select(statements =>
        $$"""{ "Version": "2012-10-17", "Statement": [{{string.Join(", ", statements)}}] }""");

    [Fact]
    public void Decide_AnyPoliciesAndRequest_SameAsInterpreter()
    {
        var decisions = new int[3];
        Gen.Select(Document.Array[0, 3], Topic, Gen.OneOf(Topic, Gen.Const("a*b")), Gen.Bool, Gen.Bool).Sample((documents, topic, clientId, anyRegion, denyMatches) =>
        {
            PolicySource[] policies = [.. documents.Select((json, n) => new PolicySource($"p{n}", "1", "certificate", PolicyDocument.Parse(json)))];
            var context = new PolicyContext().Set(PolicyKeys.ClientId, clientId).Set(PolicyKeys.CertificateId, "b");
            var rules = new PolicyRules(anyRegion, denyMatches);
            var compiled = CompiledPolicy.Compile(policies, clientId, context, ArnPrefix, rules);
            var utf8 = Encoding.UTF8.GetBytes(topic);
            Interlocked.Increment(ref decisions[(int)compiled.Publish(utf8)]);
            return compiled.Connect == Interpreted("iot:Connect", "client/" + clientId)
                && compiled.Publish(utf8) == Interpreted("iot:Publish", "topic/" + topic)
                && compiled.RetainPublish(utf8) == Interpreted("iot:RetainPublish", "topic/" + topic)
                && compiled.Subscribe(utf8) == Interpreted("iot:Subscribe", "topicfilter/" + topic)
                && compiled.Receive(utf8) == Interpreted("iot:Receive", "topic/" + topic);

            PolicyDecision Interpreted(string action, string resource) => PolicyInterpreter.Decide(policies, action, ArnPrefix + resource, context, rules);
        }, iter: 20_000);

        Assert.All(decisions, count => Assert.True(count > 500, $"generated requests decide too one-sidedly: {string.Join('/', decisions)}"));
    }

    [Fact]
    public void TopicGlob_AnyPattern_SameAsTable()
    {
        Gen.Select(PatternPart.Array[0, 8].Select(string.Concat), Topic).Sample((text, topic) =>
        {
            Assert.True(PolicyPattern.TryParse(text, out var pattern));
            var bound = pattern.Bind(new PolicyContext().Set(PolicyKeys.ClientId, "a/b"));
            return TopicGlob.From(bound.Elements).Matches(Encoding.UTF8.GetBytes(topic)) == bound.Matches(topic);
        }, iter: 50_000);
    }

    [Fact]
    public void Publish_TenThousandDecisions_AllocateNothing()
    {
        var document = PolicyDocument.Parse($$"""
            { "Version": "2012-10-17", "Statement": [
              { "Effect": "Deny", "Action": "iot:Publish", "Resource": "{{ArnPrefix}}topic/*/secret" },
              { "Effect": "Allow", "Action": "iot:*", "Resource": ["{{ArnPrefix}}topic/devices/${iot:ClientId}/*", "{{ArnPrefix}}topic/s?/*/x", "{{ArnPrefix}}topicfilter/devices/*"] },
              { "Effect": "Allow", "Action": "iot:Receive", "NotResource": "{{ArnPrefix}}topic/a/*" } ] }
            """);
        var compiled = CompiledPolicy.Compile([new("p", "1", "certificate", document)], "c1", new PolicyContext().Set(PolicyKeys.ClientId, "c1"), ArnPrefix);
        Assert.Equal(PolicyDecision.Allow, compiled.Publish("devices/c1/telemetry"u8));

        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var n = 0; n < 10_000; n++)
            {
                _ = compiled.Publish("devices/c1/telemetry"u8);
                _ = compiled.Publish("devices/c2/telemetry"u8);
                _ = compiled.Subscribe("devices/#"u8);
                _ = compiled.Receive("s1/y/x"u8);
            }
        }));
    }

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(n => values[n]);

    private static string Quoted(IEnumerable<string> values) => string.Join(", ", values.Select(value => $"\"{value}\""));
}
