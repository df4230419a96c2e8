using System.Text;
using EdgeGateway.Identity.Policies;
using EdgeGateway.Identity.Provisioning;
using EdgeGateway.Tests.Support;
using Xunit;

namespace EdgeGateway.Tests.Identity;

/// <summary>Policies, templates and requests that are almost right: understood, or refused by the slice's own error with its place; never anything else.</summary>
[Trait("Category", "Fuzz")]
public sealed class DocumentFuzzTests
{
    private static readonly string[] Policies =
    [
        """{"Version":"2012-10-17","Id":"x","Statement":[{"Sid":"a","Effect":"Allow","Action":["iot:Publish","iot:*"],"Resource":["arn:aws:iot:edge:000000000000:topic/a/${iot:ClientId}/*","*"],"Condition":{"StringEquals":{"iot:ClientId":["a","b"]},"IpAddress":{"aws:SourceIp":"10.0.0.0/8"},"NumericLessThanIfExists":{"iot:Connection.Thing.Attributes[n]":7},"DateGreaterThan":{"aws:CurrentTime":"2026-01-01T00:00:00Z"},"Null":{"iot:Certificate.Subject.CommonName":"true"}}}]}""",
        """{"Version":"2012-10-17","Statement":{"Effect":"Deny","NotAction":"iot:Connect","NotResource":"arn:aws:iot:edge:000000000000:topicfilter/$aws/things/${iot:Connection.Thing.ThingName}/#","Condition":{"ForAllValues:StringEquals":{"iot:ConnectAttributes":["LastWill"]},"ForAnyValue:ArnLike":{"iot:LastWillTopic":"arn:aws:iot:*:*:topic/${*}?"},"Bool":{"iot:Connection.Thing.IsAttached":true},"BinaryEquals":{"k":"QUJD"}}}}""",
    ];

    private static readonly string[] PolicyPieces =
    [
        "\"", "{", "}", "[", "]", ",", ":", "null", "true", "1e999", "-0", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\\u0000", "\"Statement\":", "\"Effect\":\"Deny\"", "\"Action\":\"*\"", "\"NotResource\":[]", "${", "${}",
        "${iot:Certificate.Subject.CommonName.List}", "$(*)", "*", "?", "\"Condition\":{\"StringLike\":{\"\":[]}}", "\"DateEquals\":{\"x\":\"99999-13-45\"}", "\"IpAddress\":{\"aws:SourceIp\":\"::1/200\"}", "é", "\ud83d\ude00", "arn:aws:iot:::",
        "\"NumericEquals\":{\"a\":\"0x1\"}", "ForAllValues:", "IfExists", "\r\n", "[[[[[[[[[[[[[[[[[[[[",
    ];

    private static readonly string[] Templates =
    [
        """{"Parameters":{"SerialNumber":{"Type":"String"},"Location":{"Type":"String","Default":"WA"},"AWS::IoT::Certificate::Id":{"Type":"String"}},"Mappings":{"Sites":{"WA":{"Url":"u","Group":"west"}}},"Resources":{"thing":{"Type":"AWS::IoT::Thing","Properties":{"ThingName":{"Fn::Join":["",["pump_",{"Ref":"SerialNumber"}]]},"AttributePayload":{"lot":{"Fn::Select":["1",{"Fn::Split":["-",{"Ref":"SerialNumber"}]}]}},"ThingTypeName":{"Fn::Sub":"Pump${Location}"},"ThingGroups":["all",{"Fn::FindInMap":["Sites",{"Ref":"Location"},"Group"]}]},"OverrideSettings":{"AttributePayload":"MERGE","ThingTypeName":"REPLACE","THING_GROUPS":"DO_NOTHING"}},"certificate":{"Type":"AWS::IoT::Certificate","Properties":{"CertificateId":{"Ref":"AWS::IoT::Certificate::Id"},"Status":"Active"}},"policy":{"Type":"AWS::IoT::Policy","Properties":{"PolicyDocument":{"Version":"2012-10-17","Statement":[]}}}},"DeviceConfiguration":{"Url":{"Fn::FindInMap":["Sites",{"Ref":"Location"},"Url"]},"Name":{"Fn::Sub":["${t}/${x}",{"x":"y","t":{"Ref":"thing"}}]}}}""",
    ];

    private static readonly string[] TemplatePieces =
    [
        "\"", "{", "}", "[", "]", ",", ":", "null", "true", "1", "-1", "\"\\ud800\"", "{\"Ref\":\"thing\"}", "{\"Ref\":\"certificate\"}", "{\"Ref\":\"policy\"}", "{\"Ref\":\"none\"}", "{\"Ref\":null}", "{\"Fn::Select\":[9999999999,[]]}",
        "{\"Fn::Join\":[]}", "{\"Fn::Split\":[\"\",\"a\"]}", "{\"Fn::Sub\":\"${\"}", "{\"Fn::Sub\":[\"${a}\",{\"a\":{\"Fn::Sub\":\"${thing}\"}}]}", "{\"Fn::FindInMap\":[\"Sites\",\"WA\"]}", "{\"Fn::Sub\":{}}", "\"Type\":\"AWS::IoT::Thing\"", "\"Properties\":[]",
        "\"Default\":{}", "\"OverrideSettings\":7", "é", "${Location}", "{\"Ref\":\"SerialNumber\",\"Ref\":\"Location\"}",
    ];

    [Fact]
    public Task Policy_AlmostRight_UnderstoodOrMalformed() => Fuzz.Run(static random =>
    {
        var text = Fuzz.Mutate(random, Policies[random.Next(Policies.Length)], PolicyPieces);
        try
        {
            var document = PolicyDocument.Parse(text);
            var context = new PolicyContext();
            var compiled = CompiledPolicy.Compile([new PolicySource("p", "1", "test", document)], "client", context, "arn:aws:iot:edge:000000000000:", new PolicyRules());
            compiled.Publish("a/client/b"u8);
            compiled.Subscribe("a/+/#"u8);
            compiled.Receive("é"u8);
        }
        catch (MalformedPolicyException fault)
        {
            Assert.True(fault.Line >= 1 && fault.Column >= 1, fault.Message);
            Assert.NotEmpty(fault.Detail);
        }
    });

    [Fact]
    public Task Template_AlmostRight_UnderstoodOrTemplateFault() => Fuzz.Run(static random =>
    {
        var text = Fuzz.Mutate(random, Templates[0], TemplatePieces);
        try
        {
            var template = ProvisioningTemplateDocument.Parse(text);
            _ = template.Required.Count();
            template.Plan(new Dictionary<string, string> { ["SerialNumber"] = random.Next(2) == 0 ? "A-77" : "${thing}", [ProvisioningTemplateDocument.CertificateIdParameter] = "ab12" });
        }
        catch (TemplateException fault)
        {
            Assert.NotEmpty(fault.Message);
        }
    });

    [Fact]
    public Task Cbor_AnyBytes_ReadOrFormatFault() => Fuzz.Run(static random =>
    {
        byte[] sound = [0xA2, 0x61, 0x61, 0x83, 0x01, 0x20, 0xF5, 0x61, 0x62, 0xBF, 0x61, 0x63, 0x7F, 0x61, 0x64, 0xFF, 0x61, 0x65, 0xFB, 0x3F, 0xF0, 0, 0, 0, 0, 0, 0, 0xFF];
        try
        {
            var value = CborJson.Read(random.Next(10) == 0 ? RandomBytes(random) : Fuzz.Mutate(random, sound));
            Assert.True(System.Text.Json.Nodes.JsonNode.DeepEquals(value, CborJson.Read(CborJson.Write(value))));
        }
        catch (FormatException fault)
        {
            Assert.StartsWith("CBOR, byte ", fault.Message, StringComparison.Ordinal);
        }
    });

    [Fact]
    public Task Request_AnyPayload_ObjectOrRefusal() => Fuzz.Run(static random =>
    {
        var json = Fuzz.Mutate(random, Encoding.UTF8.GetBytes("""{"certificateOwnershipToken":"t","parameters":{"a":"b","c":"\u00e9"}}"""));
        var request = new ProvisioningRequest(ProvisioningOperation.RegisterThing, "t", random.Next(2) == 0, "x", "client", "principal", json, EdgeGateway.Messaging.QualityOfService.AtMostOnce);
        try
        {
            var body = request.Body();
            foreach (var (_, value) in body)
                _ = value?.ToJsonString();
            _ = body["parameters"] is System.Text.Json.Nodes.JsonValue text && text.TryGetValue(out string? _);
        }
        catch (ProvisioningRefusal refusal)
        {
            Assert.Equal(400, refusal.StatusCode);
        }
    });

    private static byte[] RandomBytes(Random random)
    {
        var bytes = new byte[random.Next(40)];
        random.NextBytes(bytes);
        return bytes;
    }
}
