using EdgeGateway.Identity.Provisioning;
using Xunit;

namespace EdgeGateway.Tests.Identity.Provisioning;

public sealed class ProvisioningTemplateDocumentTests
{
    [Fact]
    public void Plan_EveryFunction_FilledIn()
    {
        var template = ProvisioningTemplateDocument.Parse("""
            {
              "Parameters": {
                "SerialNumber": { "Type": "String" }, "Location": { "Type": "String", "Default": "WA" },
                "AWS::IoT::Certificate::Id": { "Type": "String" }
              },
              "Mappings": { "Sites": { "WA": { "Url": "https://wa.example", "Group": "west" } } },
              "Resources": {
                "thing": {
                  "Type": "AWS::IoT::Thing",
                  "Properties": {
                    "ThingName": { "Fn::Join": ["", ["pump_", { "Ref": "SerialNumber" }]] },
                    "AttributePayload": { "serial": { "Ref": "SerialNumber" }, "lot": { "Fn::Select": ["1", { "Fn::Split": ["-", { "Ref": "SerialNumber" }] }] } },
                    "ThingTypeName": { "Fn::Sub": "Pump${Location}" },
                    "ThingGroups": ["all", { "Fn::FindInMap": ["Sites", { "Ref": "Location" }, "Group"] }]
                  },
                  "OverrideSettings": { "AttributePayload": "MERGE", "ThingTypeName": "REPLACE", "THING_GROUPS": "DO_NOTHING" }
                },
                "certificate": { "Type": "AWS::IoT::Certificate", "Properties": { "CertificateId": { "Ref": "AWS::IoT::Certificate::Id" }, "Status": "Active" } },
                "policy": { "Type": "AWS::IoT::Policy", "Properties": { "PolicyDocument": { "Version": "2012-10-17", "Statement": [] } } }
              },
              "DeviceConfiguration": { "Url": { "Fn::FindInMap": ["Sites", { "Ref": "Location" }, "Url"] }, "Name": { "Fn::Sub": ["${t}/${x}", { "x": "y", "t": { "Ref": "thing" } }] } }
            }
            """);

        var plan = template.Plan(new Dictionary<string, string> { ["SerialNumber"] = "A-77", ["AWS::IoT::Certificate::Id"] = "ab12" });

        Assert.Equal("pump_A-77", plan.Thing!.Name);
        Assert.Equal(new Dictionary<string, string> { ["serial"] = "A-77", ["lot"] = "77" }, plan.Thing.Attributes);
        Assert.Equal("PumpWA", plan.Thing.TypeName);
        Assert.Equal(["all", "west"], plan.Thing.Groups);
        Assert.Equal((OverrideSetting.Merge, OverrideSetting.Replace, OverrideSetting.DoNothing), (plan.Thing.AttributesOverride, plan.Thing.TypeOverride, plan.Thing.GroupsOverride));
        Assert.Equal("ab12", plan.Certificate!.Id);
        Assert.Equal("""{"Version":"2012-10-17","Statement":[]}""", Assert.Single(plan.Policies).Document);
        Assert.Equal("""{"Url":"https://wa.example","Name":"pump_A-77/y"}""", plan.DeviceConfiguration.ToJsonString());
        Assert.Equal(["SerialNumber"], template.Required);
    }

    [Theory]
    [InlineData("""{ "Ref": "Nowhere" }""", "Resources.thing.Properties.ThingName.Ref")]
    [InlineData("""{ "Ref": "thing" }""", "Resources.thing.Properties.ThingName.Ref")]
    [InlineData("""{ "Fn::Select": ["2", ["a", "b"]] }""", "Resources.thing.Properties.ThingName.Fn::Select")]
    [InlineData("""{ "Fn::Select": ["-1", ["a", "b"]] }""", "Resources.thing.Properties.ThingName.Fn::Select")]
    [InlineData("""{ "Fn::FindInMap": ["M", "a", "c"] }""", "Resources.thing.Properties.ThingName.Fn::FindInMap")]
    [InlineData("""{ "Fn::Sub": "x${Nowhere}" }""", "Resources.thing.Properties.ThingName.Fn::Sub")]
    [InlineData("""{ "Fn::Split": ["", "a"] }""", "Resources.thing.Properties.ThingName.Fn::Split")]
    [InlineData("""{ "Fn::Split": [",", "a,b"] }""", "Resources.thing.Properties.ThingName")]
    [InlineData("""{ "Fn::Length": "a" }""", "Resources.thing.Properties.ThingName.Fn::Length")]
    [InlineData("null", "Resources.thing.Properties.ThingName")]
    [InlineData("""["a"]""", "Resources.thing.Properties.ThingName")]
    public void Plan_FaultyValue_NamedWithItsPlace(string thingName, string path)
    {
        var template = ProvisioningTemplateDocument.Parse($$"""
            { "Mappings": { "M": { "a": { "b": "c" } } }, "Resources": { "thing": { "Type": "AWS::IoT::Thing", "Properties": { "ThingName": {{thingName}} } } } }
            """);

        Assert.Equal(path, Assert.Throws<TemplateException>(() => template.Plan(new Dictionary<string, string>())).Path);
    }

    [Theory]
    [InlineData("{}", "Resources")]
    [InlineData("[]", "")]
    [InlineData("{", "")]
    [InlineData("""{ "Resources": {}, "Resources": {} }""", "")]
    [InlineData("""{ "Outputs": {} }""", "Outputs")]
    [InlineData("""{ "Parameters": { "A": { "Type": "Number" } }, "Resources": {} }""", "Parameters.A")]
    [InlineData("""{ "Resources": { "x": { "Type": "AWS::S3::Bucket", "Properties": {} } } }""", "Resources.x.Type")]
    [InlineData("""{ "Resources": { "x": { "Type": "AWS::IoT::Thing" } } }""", "Resources.x.Properties")]
    public void Parse_Faulty_NamedWithItsPlace(string json, string path) =>
        Assert.Equal(path, Assert.Throws<TemplateException>(() => ProvisioningTemplateDocument.Parse(json)).Path);

    [Fact]
    public void Plan_ParameterMissingOrUndeclared_Refused()
    {
        var template = ProvisioningTemplateDocument.Parse("""
            { "Parameters": { "S": { "Type": "String" } }, "Resources": { "t": { "Type": "AWS::IoT::Thing", "Properties": { "ThingName": { "Ref": "S" } } } } }
            """);

        Assert.Equal("Parameters.S", Assert.Throws<TemplateException>(() => template.Plan(new Dictionary<string, string>())).Path);
        Assert.Contains("T", Assert.Throws<TemplateException>(() => template.Plan(new Dictionary<string, string> { ["S"] = "a", ["T"] = "b" })).Message, StringComparison.Ordinal);
    }
}
