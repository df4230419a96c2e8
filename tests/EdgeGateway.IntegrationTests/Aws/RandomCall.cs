using System.Text;
using System.Text.Json.Nodes;
using EdgeGateway.Api.Aws;

namespace EdgeGateway.IntegrationTests.Aws;

/// <summary>A call of an operation that is almost right: all members any operation asks for, with likely values, some of them missing, some of them spoilt.</summary>
/// <param name="known">What stands for <c>@CERTIFICATE@</c> and its like: things that are real.</param>
internal sealed class RandomCall(Random random, AwsRoute route, IReadOnlyDictionary<string, string> known)
{
    private const string Arn = "arn:aws:iot:edge:000000000000:";
    private const string Certificate = "@CERTIFICATE@";

    // Names are few, so that calls meet what others made.
    private static readonly string[] Names = ["lamp", "house", "room", "type", "policy", "gate", "fleet", "rule_1", "alias"];

    private static readonly Func<JsonNode?>[] Spoilt =
    [
        static () => null, static () => "", static () => " ", static () => "é\u0000\n", static () => new string('x', 3000), static () => "${", static () => "a/b#+", static () => -1, static () => 1e300, static () => long.MaxValue,
        static () => true, static () => new JsonArray(), static () => new JsonArray(1, "a", null), static () => new JsonObject(), static () => new JsonObject { ["a"] = new JsonObject { ["b"] = null } }, static () => Arn, static () => Arn + "cert/x", static () => "\u2028", static () => "{}", static () => "[",
    ];

    private static readonly string[] SpoiltText = ["%00", "", "%", "%FF", "%2F", "%2e%2e", "..", "a%20b", "%F0%9F%98%80", "%ED%A0%80", "x%0Ay", "-1", "true", "1e3", new('y', 2000), "%7B%7D", "*", "$aws", "+"];

    private static readonly Dictionary<string, Func<Random, JsonNode?>> Members = new()
    {
        ["thingName"] = Name, ["thingTypeName"] = Name, ["thingGroupName"] = Name, ["billingGroupName"] = Name, ["parentGroupName"] = Name, ["policyName"] = Name, ["templateName"] = Name, ["authorizerName"] = Name, ["ruleName"] = Name,
        ["thingArn"] = static random => $"{Arn}thing/{Names[random.Next(Names.Length)]}", ["thingGroupArn"] = static random => $"{Arn}thinggroup/{Names[random.Next(Names.Length)]}", ["billingGroupArn"] = static random => $"{Arn}billinggroup/{Names[random.Next(Names.Length)]}",
        ["attributePayload"] = static _ => new JsonObject { ["attributes"] = new JsonObject { ["room"] = "hall" }, ["merge"] = true }, ["removeThingType"] = Flag, ["expectedVersion"] = static random => random.Next(3), ["undoDeprecate"] = Flag,
        ["thingTypeProperties"] = static _ => new JsonObject { ["thingTypeDescription"] = "d", ["searchableAttributes"] = new JsonArray("room"), ["mqtt5Configuration"] = new JsonObject { ["propagatingAttributes"] = new JsonArray(new JsonObject { ["userPropertyKey"] = "r", ["thingAttribute"] = "room" }) } },
        ["thingGroupProperties"] = static _ => new JsonObject { ["thingGroupDescription"] = "d", ["attributePayload"] = new JsonObject { ["attributes"] = new JsonObject { ["floor"] = "1" } } },
        ["billingGroupProperties"] = static _ => new JsonObject { ["billingGroupDescription"] = "d" }, ["thingGroupsToAdd"] = static _ => new JsonArray("house"), ["thingGroupsToRemove"] = static _ => new JsonArray("room"), ["overrideDynamicGroups"] = Flag,
        ["tags"] = static _ => new JsonArray(new JsonObject { ["Key"] = "k", ["Value"] = "v" }), ["tagKeys"] = static _ => new JsonArray("k"), ["resourceArn"] = static random => $"{Arn}thinggroup/{Names[random.Next(Names.Length)]}",
        ["policyDocument"] = static _ => """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iot:*","Resource":"*"}}""", ["target"] = static random => random.Next(2) == 0 ? $"{Arn}thinggroup/house" : $"{Arn}cert/{Certificate}", ["principal"] = static _ => $"{Arn}cert/{Certificate}", ["recursive"] = Flag,
        ["authInfos"] = static _ => new JsonArray(new JsonObject { ["actionType"] = "PUBLISH", ["resources"] = new JsonArray($"{Arn}topic/a") }), ["clientId"] = Name, ["policyNamesToAdd"] = static _ => new JsonArray("policy"), ["policyNamesToSkip"] = static _ => new JsonArray("policy"),
        ["certificateSigningRequest"] = static _ => "@CSR@", ["certificatePem"] = Pem, ["caCertificatePem"] = static _ => "@CA@", ["caCertificate"] = static _ => "@CA@", ["verificationCertificate"] = Pem, ["status"] = static random => random.Next(2) == 0 ? "ACTIVE" : "INACTIVE",
        ["registrationConfig"] = static _ => new JsonObject { ["templateName"] = "fleet", ["roleArn"] = "arn:aws:iam::000000000000:role/r" }, ["certificateMode"] = static _ => "SNI_ONLY", ["removeAutoRegistration"] = Flag, ["setAsActive"] = static _ => false,
        ["authorizerFunctionArn"] = static _ => "arn:aws:lambda:edge:000000000000:function:gate", ["signingDisabled"] = Flag, ["tokenKeyName"] = static _ => "token", ["tokenSigningPublicKeys"] = static _ => new JsonObject { ["k"] = "-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----" }, ["enableCachingForHttp"] = Flag,
        ["token"] = static _ => "t", ["tokenSignature"] = static _ => "MAA=", ["httpContext"] = static _ => new JsonObject { ["headers"] = new JsonObject { ["a"] = "b" }, ["queryString"] = "?a=b" }, ["mqttContext"] = static _ => new JsonObject { ["username"] = "u", ["password"] = "cGFzcw==", ["clientId"] = "c" }, ["tlsContext"] = static _ => new JsonObject { ["serverName"] = "pi" },
        ["templateBody"] = static _ => """{"Parameters":{"Name":{"Type":"String"}},"Resources":{"thing":{"Type":"AWS::IoT::Thing","Properties":{"ThingName":{"Ref":"Name"}}}}}""", ["provisioningRoleArn"] = Role, ["enabled"] = Flag, ["description"] = static _ => "d", ["type"] = static _ => "FLEET_PROVISIONING", ["defaultVersionId"] = static _ => 1, ["setAsDefault"] = Flag,
        ["preProvisioningHook"] = static _ => new JsonObject { ["targetArn"] = "arn:aws:lambda:edge:000000000000:function:hook", ["payloadVersion"] = "2020-04-01" }, ["removePreProvisioningHook"] = Flag, ["parameters"] = static _ => new JsonObject { ["Name"] = "lamp" },
        ["sql"] = static _ => "SELECT * FROM 'a'", ["actions"] = static _ => new JsonArray(new JsonObject { ["republish"] = new JsonObject { ["roleArn"] = "arn:aws:iam::000000000000:role/r", ["topic"] = "b", ["qos"] = 1 } }), ["ruleDisabled"] = Flag, ["awsIotSqlVersion"] = static _ => "2016-03-23", ["errorAction"] = static _ => new JsonObject { ["republish"] = new JsonObject { ["roleArn"] = "r", ["topic"] = "c" } },
        ["destinationConfiguration"] = static _ => new JsonObject { ["httpUrlConfiguration"] = new JsonObject { ["confirmationUrl"] = "http://127.0.0.1:1/confirm" } }, ["arn"] = static _ => $"{Arn}ruledestination/http/0", ["roleArn"] = Role, ["credentialDurationSeconds"] = static _ => 900, ["roleAlias"] = Name,
        ["domainName"] = static _ => "plant.local", ["serverCertificateArns"] = static _ => new JsonArray(), ["serviceType"] = static _ => "DATA", ["authorizerConfig"] = static _ => new JsonObject { ["defaultAuthorizerName"] = "gate", ["allowAuthorizerOverride"] = true }, ["domainConfigurationStatus"] = static _ => "DISABLED", ["removeAuthorizerConfig"] = Flag,
        ["logTarget"] = static _ => new JsonObject { ["targetType"] = "CLIENT_ID", ["targetName"] = "lamp" }, ["logLevel"] = static _ => "INFO", ["defaultLogLevel"] = static _ => "INFO", ["disableAllLogs"] = static _ => false, ["eventConfigurations"] = static _ => new JsonObject { ["THING"] = new JsonObject { ["Enabled"] = true } },
        ["inputFileBucket"] = static _ => "bucket", ["inputFileKey"] = static _ => "file", ["state"] = static _ => new JsonObject { ["desired"] = new JsonObject { ["a"] = 1 } }, ["version"] = static random => random.Next(3), ["cognitoIdentityPoolId"] = static _ => "x",
        ["queryString"] = static random => random.Next(2) == 0 ? "*" : "thingName:lamp", ["indexName"] = static _ => "AWS_Things", ["aggregationField"] = static _ => "registry.version", ["aggregationType"] = static _ => new JsonObject { ["name"] = "Cardinality" }, ["period"] = static _ => 60,
        ["bucketsAggregationType"] = static _ => new JsonObject { ["termsAggregation"] = new JsonObject { ["maxBuckets"] = 5 } }, ["percents"] = static _ => new JsonArray(50), ["thingIndexingConfiguration"] = static _ => new JsonObject { ["thingIndexingMode"] = "REGISTRY_AND_SHADOW", ["namedShadowIndexingMode"] = "ON" },
        ["document"] = static _ => """{"do":"it"}""", ["targets"] = static random => new JsonArray($"{Arn}thing/{Names[random.Next(Names.Length)]}"), ["targetSelection"] = static random => random.Next(2) == 0 ? "SNAPSHOT" : "CONTINUOUS", ["timeoutConfig"] = static _ => new JsonObject { ["inProgressTimeoutInMinutes"] = 5 },
        ["jobExecutionsRolloutConfig"] = static _ => new JsonObject { ["maximumPerMinute"] = 10 }, ["statusDetails"] = static _ => new JsonObject { ["a"] = "b" }, ["stepTimeoutInMinutes"] = static _ => 5, ["jobArn"] = static random => $"{Arn}job/{Names[random.Next(Names.Length)]}",
        ["files"] = static _ => new JsonArray(new JsonObject { ["fileId"] = 1, ["s3Location"] = new JsonObject { ["bucket"] = "bucket", ["key"] = "file" } }), ["payload"] = static _ => new JsonObject { ["content"] = "e30=", ["contentType"] = "application/json" }, ["deprecated"] = Flag, ["executionTimeoutSeconds"] = static _ => 10,
        ["targetArn"] = static random => $"{Arn}thing/{Names[random.Next(Names.Length)]}", ["commandArn"] = static random => $"{Arn}command/{Names[random.Next(Names.Length)]}", ["action"] = static random => random.Next(2) == 0 ? "PUBLISH" : "DEPRECATE", ["unsetDefaultVersion"] = Flag,
        ["targetCheckNames"] = static _ => new JsonArray("LOGGING_DISABLED_CHECK"), ["auditCheckConfigurations"] = static _ => new JsonObject { ["LOGGING_DISABLED_CHECK"] = new JsonObject { ["enabled"] = true } }, ["frequency"] = static _ => "DAILY",
    };

    // A rule's body has no others, or is refused for that alone.
    private static readonly string[] RuleMembers = ["sql", "actions", "ruleDisabled", "awsIotSqlVersion", "errorAction", "description"];

    private static readonly string[] Parameters =
    [
        "maxResults", "pageSize", "nextToken", "marker", "isAscendingOrder", "thingTypeName", "attributeName", "attributeValue", "usePrefixAttributeValue", "expectedVersion", "recursive", "parentGroup", "namePrefixFilter", "setAsActive", "setAsDefault", "newStatus", "newAutoRegistrationStatus",
        "allowAutoRegistration", "forceDelete", "endpointType", "resourceArn", "thingName", "targetType", "targetName", "status", "ruleDisabled", "topic", "qos", "retain", "contentType", "responseTopic", "messageExpiry", "name", "serviceType", "reportType", "legacy", "cleanSession", "preventWillMessage", "targetArn", "force", "startTime", "endTime", "metricName",
    ];

    private static readonly string[] ParameterValues = ["1", "250", "true", "false", "lamp", $"{Arn}thinggroup/house", $"{Arn}cert/{Certificate}", "ACTIVE", "INACTIVE", "ENABLE", "DEFAULT", "CLIENT_ID", "iot:Data-ATS", "room", "hall", "DATA", "RESULTS"];

    private static readonly string[] Headers = ["x-amzn-principal", "x-amzn-iot-principal", "x-amzn-iot-policy", "x-amz-tagging", "x-amz-mqtt5-user-properties", "x-amz-mqtt5-payload-format-indicator", "x-amz-mqtt5-correlation-data", "x-amzn-iot-thingname"];

    private static readonly string[] HeaderValues = [$"{Arn}cert/{Certificate}", "policy", "k=v&a=b", "W3siYSI6ImIifV0=", "UTF8_DATA", "MAA=", "lamp", "%", "[]", "===", "e30="];

    public HttpRequestMessage ToRequest()
    {
        var target = Known(Path() + Query());
        var request = new HttpRequestMessage(new HttpMethod(route.Method), new Uri("http://localhost" + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        foreach (var header in Headers)
            if (random.Next(3) == 0)
                request.Headers.TryAddWithoutValidation(header, Known(HeaderValues[random.Next(HeaderValues.Length)]));
        if (random.Next(12) > 0 && route.Method != "GET")
            request.Content = new ByteArrayContent(Body());
        return request;
    }

    private string Path() => string.Join('/', route.Path.Split('/').Select(part => !part.StartsWith('{') ? part : random.Next(5) switch
    {
        0 => SpoiltText[random.Next(1, SpoiltText.Length)],          // but %00: the server refuses that before anybody else sees it
        1 => new[] { Certificate, "@CAID@", Uri.EscapeDataString($"{Arn}cert/") + Certificate, "1" }[random.Next(4)],
        _ => Names[random.Next(Names.Length)],
    }));

    private string Query()
    {
        var pairs = Parameters.Where(_ => random.Next(6) == 0).Select(name => $"{name}={(random.Next(4) == 0 ? SpoiltText[random.Next(SpoiltText.Length)] : ParameterValues[random.Next(ParameterValues.Length)])}").ToList();
        while (pairs.Sum(static pair => pair.Length) > 5_000)        // the server refuses a longer request line before anybody else sees it
            pairs.RemoveAt(0);
        return pairs.Count == 0 ? "" : "?" + string.Join('&', pairs);
    }

    private byte[] Body()
    {
        var body = new JsonObject();
        foreach (var (name, value) in Members)
            if (random.Next(4) > 0 && (!route.Path.StartsWith("/rules", StringComparison.Ordinal) || RuleMembers.Contains(name)))
                body[name] = value(random);
        for (var spoil = random.Next(4); spoil > 0; spoil--)
            Spoil(body);
        var text = Known(body.ToJsonString());
        if (random.Next(10) == 0)
            text = text.Replace("lamp", "\\ud800", StringComparison.Ordinal);
        var bytes = Encoding.UTF8.GetBytes(text);
        if (random.Next(12) == 0)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return random.Next(20) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }

    /// <summary>Some member, at the top or further in.</summary>
    private void Spoil(JsonObject body)
    {
        while (body.Count > 0)
        {
            var name = body.ElementAt(random.Next(body.Count)).Key;
            if (body[name] is JsonObject { Count: > 0 } inner && random.Next(2) == 0)
            {
                body = inner;
                continue;
            }
            body[name] = Spoilt[random.Next(Spoilt.Length)]();
            return;
        }
    }

    private string Known(string text)
    {
        foreach (var (name, value) in known)
            text = text.Replace(name, value, StringComparison.Ordinal);
        return text;
    }

    private static JsonNode? Name(Random random) => Names[random.Next(Names.Length)];

    private static JsonNode? Flag(Random random) => random.Next(2) == 0;

    private static JsonNode? Role(Random random) => "arn:aws:iam::000000000000:role/r";

    private static JsonNode? Pem(Random random) => random.Next(2) == 0 ? "@PEM@" : "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----";
}
