using EdgeGateway.Identity.Policies;
using Xunit;

namespace EdgeGateway.Tests.Identity.Policies;

public sealed class PolicyParserTests
{
    private const string Allow = """{ "Effect": "Allow", "Action": "iot:*", "Resource": "*" }""";

    public static TheoryData<string, MalformedPolicyError, string> Faults => new()
    {
        { "", MalformedPolicyError.InvalidJson, "" },
        { "{", MalformedPolicyError.InvalidJson, "" },
        { "[]", MalformedPolicyError.WrongType, "" },
        { $$"""{ "Version": "2012-10-17", "Statement": {{Allow}} } x""", MalformedPolicyError.InvalidJson, "" },
        { $$"""{ "Statement": {{Allow}} }""", MalformedPolicyError.MissingElement, "" },
        { """{ "Version": "2012-10-17" }""", MalformedPolicyError.MissingElement, "" },
        { $$"""{ "Version": "2008-10-17", "Statement": {{Allow}} }""", MalformedPolicyError.BadVersion, "Version" },
        { $$"""{ "Version": "2012-10-17", "Version": "2012-10-17", "Statement": {{Allow}} }""", MalformedPolicyError.DuplicateElement, "Version" },
        { $$"""{ "Version": "2012-10-17", "Comment": "x", "Statement": {{Allow}} }""", MalformedPolicyError.UnknownElement, "Comment" },
        { """{ "Version": "2012-10-17", "Statement": [] }""", MalformedPolicyError.EmptyList, "Statement" },
        { Wrap("""{ "Effect": "allow", "Action": "iot:*", "Resource": "*" }"""), MalformedPolicyError.BadEffect, "Statement[1].Effect" },
        { Wrap("""{ "Action": "iot:*", "Resource": "*" }"""), MalformedPolicyError.MissingElement, "Statement[1]" },
        { Wrap("""{ "Effect": "Allow", "Resource": "*" }"""), MalformedPolicyError.MissingElement, "Statement[1]" },
        { Wrap("""{ "Effect": "Allow", "Action": "iot:*" }"""), MalformedPolicyError.MissingElement, "Statement[1]" },
        { Wrap("""{ "Effect": "Allow", "Action": [], "Resource": "*" }"""), MalformedPolicyError.EmptyList, "Statement[1].Action" },
        { Wrap("""{ "Effect": "Allow", "Action": "Publish", "Resource": "*" }"""), MalformedPolicyError.BadAction, "Statement[1].Action" },
        { Wrap("""{ "Effect": "Allow", "Action": ["iot:Publish", 1], "Resource": "*" }"""), MalformedPolicyError.WrongType, "Statement[1].Action[1]" },
        { Wrap("""{ "Effect": "Allow", "Action": "iot:*", "NotAction": "iot:*", "Resource": "*" }"""), MalformedPolicyError.ConflictingElements, "Statement[1].NotAction" },
        { Wrap("""{ "Effect": "Allow", "Action": "iot:*", "Resource": "topic/a" }"""), MalformedPolicyError.BadResource, "Statement[1].Resource" },
        { Wrap("""{ "Effect": "Allow", "Action": "iot:*", "Resource": ["*", "arn:aws:iot:edge:topic/a"] }"""), MalformedPolicyError.BadResource, "Statement[1].Resource[1]" },
        { Wrap("""{ "Effect": "Allow", "Action": "iot:*", "Resource": "arn:aws:iot:r:a:topic/${iot:ClientId" }"""), MalformedPolicyError.BadVariable, "Statement[1].Resource" },
        { Wrap("""{ "Effect": "Allow", "Action": "iot:*", "Resource": "*", "Principal": "*" }"""), MalformedPolicyError.UnknownElement, "Statement[1].Principal" },
        { Wrap("""{ "Effect": "Allow", "Action": "iot:*", "Resource": "*", "Condition": { "StringIs": { "a": "b" } } }"""), MalformedPolicyError.UnknownOperator, "Statement[1].Condition.StringIs" },
        { Wrap("""{ "Effect": "Allow", "Action": "iot:*", "Resource": "*", "Condition": { "IpAddress": { "aws:SourceIp": "10.0.0.0/33" } } }"""), MalformedPolicyError.BadConditionValue, "Statement[1].Condition.IpAddress.aws:SourceIp" },
        { Wrap("""{ "Effect": "Allow", "Action": "iot:*", "Resource": "*", "Condition": { "Bool": { "iot:Connection.Thing.IsAttached": ["true", {}] } } }"""), MalformedPolicyError.WrongType, "Statement[1].Condition.Bool.iot:Connection.Thing.IsAttached[1]" },
    };

    [Theory, MemberData(nameof(Faults))]
    public void Parse_Fault_NamedWithItsPlace(string document, MalformedPolicyError error, string path)
    {
        var fault = Assert.Throws<MalformedPolicyException>(() => PolicyDocument.Parse(document));

        Assert.Equal(error, fault.Error);
        Assert.Equal(path, fault.Path);
    }

    [Fact]
    public void Parse_FaultOnThirdLine_GivesLineAndColumn()
    {
        var fault = Assert.Throws<MalformedPolicyException>(() => PolicyDocument.Parse("{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": 7\n}"));

        Assert.Equal((3, 16), (fault.Line, fault.Column));
        Assert.Equal("line 3, column 16, Statement: expected an object", fault.Message);
    }

    [Fact]
    public void Parse_DenyWithVariable_Warns()
    {
        var document = PolicyDocument.Parse("""
            { "Version": "2012-10-17", "Statement": { "Effect": "Deny", "Action": "iot:Publish", "Resource": "arn:aws:iot:r:a:topic/${iot:Connection.Thing.ThingName}/x" } }
            """);

        Assert.Contains("${iot:Connection.Thing.ThingName}", Assert.Single(document.Warnings), StringComparison.Ordinal);
    }

    private static string Wrap(string second) => $$"""{ "Version": "2012-10-17", "Statement": [{{Allow}}, {{second}}] }""";
}
