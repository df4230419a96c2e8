using EdgeGateway.Identity.Policies;
using Xunit;

namespace EdgeGateway.Tests.Identity.Policies;

public sealed class ConditionEvaluatorTests
{
    private static readonly PolicyContext Context = new PolicyContext()
        .Set(PolicyKeys.ClientId, "Pump-7").Set(PolicyKeys.SourceIp, "::ffff:10.1.2.3").Set(PolicyKeys.LastWillTopic, "arn:aws:iot:r:a:topic/x/y")
        .Set(PolicyKeys.ConnectAttributes, ["PersistentConnect", "LastWill"]).SetAttribute("n", "12.5").SetAttribute("d", "2026-03-01T00:00:00Z")
        .SetCertificateField("iot:Certificate.Subject.Country", ["US", "CA"]);

    [Theory]
    [InlineData("StringEquals", "iot:ClientId", "Pump-7", true)]
    [InlineData("StringEquals", "iot:ClientId", "pump-7", false)]
    [InlineData("StringEquals", "iot:ClientId", "Pump-*", false)]
    [InlineData("StringEquals", "IOT:clientid", "Pump-7", true)]
    [InlineData("StringEquals", "iot:ClientId", "${iot:ClientId}", true)]
    [InlineData("StringNotEquals", "iot:ClientId", "x", true)]
    [InlineData("StringNotEquals", "iot:DomainName", "x", true)]              // missing key: a negated operator holds
    [InlineData("StringEqualsIfExists", "iot:DomainName", "x", true)]
    [InlineData("StringEquals", "iot:DomainName", "x", false)]
    [InlineData("StringEqualsIgnoreCase", "iot:ClientId", "PUMP-7", true)]
    [InlineData("StringNotEqualsIgnoreCase", "iot:ClientId", "PUMP-7", false)]
    [InlineData("StringLike", "iot:ClientId", "Pump-?", true)]
    [InlineData("StringLike", "iot:ClientId", "P${*}", false)]
    [InlineData("StringNotLike", "iot:ClientId", "Q*", true)]
    [InlineData("NumericEquals", "iot:Connection.Thing.Attributes[n]", "12.50", true)]
    [InlineData("NumericNotEquals", "iot:Connection.Thing.Attributes[n]", "12.5", false)]
    [InlineData("NumericLessThan", "iot:Connection.Thing.Attributes[n]", "12.5", false)]
    [InlineData("NumericLessThanEquals", "iot:Connection.Thing.Attributes[n]", "12.5", true)]
    [InlineData("NumericGreaterThan", "iot:Connection.Thing.Attributes[n]", "9", true)]
    [InlineData("NumericGreaterThanEquals", "iot:Connection.Thing.Attributes[n]", "13", false)]
    [InlineData("NumericEquals", "iot:Connection.Thing.Attributes[N]", "12.5", false)]
    [InlineData("DateEquals", "iot:Connection.Thing.Attributes[d]", "1772323200", true)]
    [InlineData("DateNotEquals", "iot:Connection.Thing.Attributes[d]", "2026-03-01T00:00:00Z", false)]
    [InlineData("DateLessThan", "iot:Connection.Thing.Attributes[d]", "2026-03-02", true)]
    [InlineData("DateLessThanEquals", "iot:Connection.Thing.Attributes[d]", "2026-02-28", false)]
    [InlineData("DateGreaterThan", "iot:Connection.Thing.Attributes[d]", "2026-02-28T23:59:59Z", true)]
    [InlineData("DateGreaterThanEquals", "iot:Connection.Thing.Attributes[d]", "2026-03-01T01:00:00+01:00", true)]
    [InlineData("BinaryEquals", "iot:ClientId", "UHVtcC03", true)]
    [InlineData("IpAddress", "aws:SourceIp", "10.0.0.0/8", true)]
    [InlineData("IpAddress", "aws:SourceIp", "10.1.2.3", true)]
    [InlineData("NotIpAddress", "aws:SourceIp", "10.0.0.0/8", false)]
    [InlineData("IpAddress", "aws:SourceIp", "fd00::/8", false)]
    [InlineData("ArnLike", "iot:LastWillTopic", "arn:aws:iot:r:a:topic/x/*", true)]
    [InlineData("ArnNotEquals", "iot:LastWillTopic", "arn:aws:iot:r:a:topic/x/y", false)]
    [InlineData("Null", "iot:DomainName", "true", true)]
    [InlineData("Null", "iot:ClientId", "true", false)]
    [InlineData("Null", "iot:ClientId", "false", true)]
    [InlineData("ForAllValues:StringEquals", "iot:ConnectAttributes", "LastWill", false)]
    [InlineData("ForAnyValue:StringEquals", "iot:ConnectAttributes", "LastWill", true)]
    [InlineData("ForAllValues:StringNotEquals", "iot:ConnectAttributes", "Other", true)]
    [InlineData("ForAnyValue:StringNotEquals", "iot:ConnectAttributes", "LastWill", true)]
    [InlineData("ForAnyValue:StringEquals", "iot:DomainName", "x", false)]
    [InlineData("ForAllValues:StringEquals", "iot:DomainName", "x", true)]
    [InlineData("StringEquals", "iot:Certificate.Subject.Country", "US", true)]
    [InlineData("StringEquals", "iot:Certificate.Subject.Country.1", "CA", true)]
    [InlineData("StringEquals", "iot:Certificate.Subject.Country.0", "US", false)]
    [InlineData("ForAnyValue:StringEquals", "iot:Certificate.Subject.Country.List", "CA", true)]
    public void Holds_Operator_AsTheLanguageSays(string name, string key, string value, bool expected)
    {
        Assert.True(ConditionOperator.TryParse(name, out var conditionOperator));
        Assert.True(PolicyPattern.TryParse(value, out var wanted));

        Assert.Equal(expected, ConditionEvaluator.Holds(new PolicyCondition(conditionOperator, key, [wanted]), Context));
    }
}
