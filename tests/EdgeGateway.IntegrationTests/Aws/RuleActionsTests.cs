using System.Text.Json;

namespace EdgeGateway.IntegrationTests.Aws;

/// <summary>Each of AWS's actions as boto3 and the AWS CLI send it: taken unchanged, with what it means here.</summary>
public sealed class RuleActionsTests(AwsGateway gateway) : IClassFixture<AwsGateway>
{
    [Fact]
    public async Task CreateTopicRule_EachAction_IsTaken_KeptUnchanged_AndDoesTheLocalThing()
    {
        await CliAsync("notify", "subscribe", "alerts", "mqtt", "told/alerts");
        await CliAsync("table", "create", "last", "--hash-key", "device");
        await gateway.PythonAsync(
            """
            role = "arn:aws:iam::123456789012:role/iot-rule"
            actions = {
                "dynamoDB": {"tableName": "rows", "roleArn": role, "hashKeyField": "device", "hashKeyValue": "${topic(2)}", "hashKeyType": "STRING", "payloadField": "reading", "operation": "INSERT"},
                "dynamoDBv2": {"roleArn": role, "putItem": {"tableName": "last"}},
                "sns": {"targetArn": "arn:aws:sns:eu-central-1:123456789012:alerts", "roleArn": role, "messageFormat": "RAW"},
                "sqs": {"roleArn": role, "queueUrl": "https://sqs.eu-central-1.amazonaws.com/123456789012/work", "useBase64": False},
                "kinesis": {"roleArn": role, "streamName": "flow", "partitionKey": "${topic(2)}"},
                "republish": {"roleArn": role, "topic": "copy/${topic(2)}", "qos": 1},
                "s3": {"roleArn": role, "bucketName": "readings", "key": "${topic(2)}/${timestamp()}.json", "cannedAcl": "private"},
                "firehose": {"roleArn": role, "deliveryStreamName": "lake", "separator": "\n", "batchMode": False},
                "cloudwatchMetric": {"roleArn": role, "metricNamespace": "plant", "metricName": "speed", "metricValue": "${v}", "metricUnit": "Count"},
                "cloudwatchAlarm": {"roleArn": role, "alarmName": "warm", "stateReason": "v is ${v}", "stateValue": "ALARM"},
                "cloudwatchLogs": {"roleArn": role, "logGroupName": "/plant/line"},
                "timestream": {"roleArn": role, "databaseName": "plant", "tableName": "rooms", "dimensions": [{"name": "device", "value": "${topic(2)}"}], "timestamp": {"value": "${timestamp()}", "unit": "MILLISECONDS"}},
            }
            for name, parameters in actions.items():
                payload = {"sql": "SELECT v, topic(2) AS device FROM 'in/+'", "awsIotSqlVersion": "2016-03-23", "ruleDisabled": False, "actions": [{name: parameters}], "errorAction": {"republish": {"roleArn": role, "topic": "errors"}}}
                iot.create_topic_rule(ruleName="aws_" + name, topicRulePayload=payload)
                got = iot.get_topic_rule(ruleName="aws_" + name)["rule"]
                assert got["actions"] == [{name: parameters}], (name, got["actions"])
            data.publish(topic="in/a", qos=1, payload=b'{"v": 7}')
            for name, parameters in {
                "kafka": {"destinationArn": "arn:aws:iot:x:1:ruledestination/vpc/1", "topic": "t", "clientProperties": {"bootstrap.servers": "a:1"}},
                "elasticsearch": {"roleArn": role, "endpoint": "https://a.es.amazonaws.com", "index": "i", "type": "t", "id": "1"},
                "iotAnalytics": {"channelName": "c", "roleArn": role},
                "iotEvents": {"inputName": "i", "roleArn": role},
                "iotSiteWise": {"putAssetPropertyValueEntries": [{"propertyAlias": "a", "propertyValues": [{"value": {"stringValue": "x"}, "timestamp": {"timeInSeconds": "1"}}]}], "roleArn": role},
                "stepFunctions": {"stateMachineName": "s", "roleArn": role},
                "salesforce": {"token": "t" * 40, "url": "https://ingestion-a.b.sfdcnow.com/streams/a/b/event"},
            }.items():
                error = refused("InvalidRequestException", 400, iot.create_topic_rule, ruleName="no_" + name, topicRulePayload={"sql": "SELECT * FROM 'a'", "actions": [{name: parameters}]})
                assert "use " in error["Error"]["Message"] or "edge-1" in error["Error"]["Message"], error
            """);
        await RuleTests.UntilAsync(async () =>
        {
            foreach (var rule in (await JsonAsync("rule", "list")).EnumerateArray().Where(static rule => rule.GetProperty("name").GetString()!.StartsWith("aws_", StringComparison.Ordinal)))
            {
                Assert.Equal((0, JsonValueKind.Null), (rule.GetProperty("failed").GetInt32(), rule.GetProperty("lastError").ValueKind));
                if (rule.GetProperty("actionsSucceeded").GetInt32() != 1)
                    return false;
            }
            return true;
        });
        const string Reading = """{"v":7,"device":"a"}""";
        Assert.Equal("""{"device":"a","reading":{"v":7,"device":"a"}}""", (await CliAsync("table", "query", "rows")).Trim());
        Assert.Equal(Reading, (await CliAsync("table", "query", "last")).Trim());
        var message = (await JsonAsync("queue", "receive", "work"))[0];
        Assert.Equal(Reading, message.GetProperty("body").GetString());
        await CliAsync("queue", "done", "work", message.GetProperty("receipt").GetString()!);
        Assert.EndsWith($" a {Reading}", (await CliAsync("stream", "read", "flow")).Trim(), StringComparison.Ordinal);
        var key = (await JsonAsync("object", "list", "readings"))[0].GetProperty("key").GetString()!;
        Assert.Matches(@"^a/\d{13}\.json$", key);
        Assert.Equal(Reading, (await CliAsync("object", "get", "readings", key)).Trim());
        Assert.Equal(Reading, (await CliAsync("object", "get", "firehose", "lake/lake.part")).Trim());
        Assert.EndsWith(Reading, (await CliAsync("logs", "tail", "/plant/line")).Trim(), StringComparison.Ordinal);
        Assert.Equal("ALARM", (await JsonAsync("alarm", "list"))[0].GetProperty("state").GetString());
        await CliAsync("alarm", "acknowledge", "warm");
        Assert.Equal("local", (await JsonAsync("alarm", "list"))[0].GetProperty("acknowledgedBy").GetString());
        Assert.Single((await JsonAsync("alarm", "history", "warm")).EnumerateArray());
        Assert.Equal("7", (await JsonAsync("series", "query", "plant", "rooms", "v", "--dimension", "device=a"))[0].GetProperty("value").GetRawText());
        Assert.Equal(1, (await JsonAsync("series", "query", "metrics", "plant", "speed", "--step", "1h"))[0].GetProperty("count").GetInt32());
        Assert.StartsWith("rooms,device=a device=\"a\" ", (await CliAsync("series", "export", "--database", "plant")).Trim(), StringComparison.Ordinal);
        using var http = gateway.Running.ControlClient();
        var metrics = await http.GetStringAsync("metrics");
        Assert.Contains("edgegateway_metric{namespace=\"plant\",name=\"speed\",unit=\"Count\"} 7\n", metrics, StringComparison.Ordinal);
        Assert.Contains("edgegateway_alarm{name=\"warm\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("edgegateway_rule_action_succeeded_total{rule=\"aws_s3\",place=\"actions[0]\",action=\"S3Action\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("SqsAction", await CliAsync("rule", "show", "aws_sqs"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CreateTopicRule_AwsCli_WithAnActionOfEachKind_IsTaken()
    {
        foreach (var (name, action) in ((string, string)[])
        [
            ("cli_sqs", """{"sqs":{"roleArn":"arn:aws:iam::123456789012:role/r","queueUrl":"https://sqs/1/cli","useBase64":true} }"""),
            ("cli_s3", """{"s3":{"roleArn":"arn:aws:iam::123456789012:role/r","bucketName":"cli","key":"k"} }"""),
            ("cli_lambda", """{"lambda":{"functionArn":"arn:aws:lambda:eu-central-1:123456789012:function:judge"} }"""),
            ("cli_http", """{"http":{"url":"https://example.com/hook","confirmationUrl":"https://example.com/","headers":[{"key":"a","value":"b"}]} }"""),
        ])
            await gateway.CliAsync("iot", "create-topic-rule", "--rule-name", name, "--topic-rule-payload", $$"""{"sql":"SELECT * FROM 'cli/+'","actions":[{{action}}]}""");
    }

    [Fact]
    public async Task PassRole_AnOperatorNeedsIt_AnAdministratorHasIt()
    {
        var document = Path.Combine(gateway.Running.Folder, "passed.json");
        await File.WriteAllTextAsync(document, """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""");
        await CliAsync("role", "put", "mighty", "--document", document);
        await gateway.PythonAsync(
            """
            key, secret = os.environ["OPERATOR"].split()
            operator = boto3.client("iot", endpoint_url=endpoint, config=config, aws_access_key_id=key, aws_secret_access_key=secret)
            mighty = {"sql": "SELECT * FROM 'a'", "awsIotSqlVersion": "2016-03-23", "actions": [{"republish": {"roleArn": "arn:aws:iam::000000000000:role/mighty", "topic": "b"}}]}
            hidden = {"sql": "SELECT get_secret('s', 'SecretString', 'mighty') AS p FROM 'a'", "awsIotSqlVersion": "2016-03-23", "actions": []}
            chosen = {"sql": "SELECT get_secret('s', 'SecretString', role) AS p FROM 'a'", "awsIotSqlVersion": "2016-03-23", "actions": []}
            foreign = {"sql": "SELECT * FROM 'a'", "actions": [{"republish": {"roleArn": "arn:aws:iam::000000000000:role/of-the-cloud", "topic": "b"}}]}
            for wanted in (mighty, hidden):
                error = refused("AccessDeniedException", 403, operator.create_topic_rule, ruleName="passed", topicRulePayload=wanted)
                assert "iam:PassRole on arn:aws:iam::000000000000:role/mighty" in error["Error"]["Message"], error
            refused("SqlParseException", 400, operator.create_topic_rule, ruleName="passed", topicRulePayload=chosen)
            operator.create_topic_rule(ruleName="passed", topicRulePayload=foreign)
            refused("AccessDeniedException", 403, operator.replace_topic_rule, ruleName="passed", topicRulePayload=mighty)
            iot.replace_topic_rule(ruleName="passed", topicRulePayload=mighty)
            """);
        await File.WriteAllTextAsync(document, """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::000000000000:role/mighty"}]}""");
        var password = Path.Combine(gateway.Running.Folder, "operator.password");
        await File.WriteAllTextAsync(password, "not-needed-here");
        await CliAsync("credential", "set", "operator", "--password-file", password);
        await CliAsync("policy", "create", "may-pass", "--document", document);
        await CliAsync("policy", "attach", "may-pass", "user/operator");
        await gateway.PythonAsync(
            """
            key, secret = os.environ["OPERATOR"].split()
            operator = boto3.client("iot", endpoint_url=endpoint, config=config, aws_access_key_id=key, aws_secret_access_key=secret)
            operator.create_topic_rule(ruleName="passed_on", topicRulePayload={"sql": "SELECT * FROM 'a'", "actions": [{"republish": {"roleArn": "arn:aws:iam::000000000000:role/mighty", "topic": "b"}}]})
            """);
    }

    private async Task<string> CliAsync(params string[] arguments) => (await gateway.Running.CliAsync(arguments)).Succeeded().Output;

    private Task<JsonElement> JsonAsync(params string[] arguments) => RuleTests.JsonAsync(gateway.Running, arguments);
}
