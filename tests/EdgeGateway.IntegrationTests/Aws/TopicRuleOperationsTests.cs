using Xunit;

namespace EdgeGateway.IntegrationTests.Aws;

/// <summary>Rules as boto3 and the AWS CLI make and change them.</summary>
public sealed class TopicRuleOperationsTests(AwsGateway gateway) : IClassFixture<AwsGateway>
{
    [Fact]
    public Task TopicRules_Boto3() => gateway.PythonAsync(
        """
        role = "arn:aws:iam::000000000000:role/edge-default"
        payload = {"sql": "SELECT temperature AS t FROM 'sensors/+/telemetry' WHERE temperature > 30", "description": "hot", "awsIotSqlVersion": "2016-03-23",
                   "ruleDisabled": False, "actions": [{"republish": {"roleArn": role, "topic": "alarms/${topic(2)}", "qos": 1}}],
                   "errorAction": {"republish": {"roleArn": role, "topic": "errors"}}}
        iot.create_topic_rule(ruleName="hot", topicRulePayload=payload, tags="site=attic&a%20b=c")
        taken = refused("ResourceAlreadyExistsException", 409, iot.create_topic_rule, ruleName="hot", topicRulePayload=payload)
        assert taken["resourceArn"] == "arn:aws:iot:edge:000000000000:rule/hot", taken
        got = iot.get_topic_rule(ruleName="hot")
        assert got["ruleArn"] == "arn:aws:iot:edge:000000000000:rule/hot"
        created = got["rule"].pop("createdAt")
        assert got["rule"] == {"ruleName": "hot", **payload}, got["rule"]
        assert created.year >= 2024
        assert iot.list_tags_for_resource(resourceArn=got["ruleArn"])["tags"] in ([{"Key": "site", "Value": "attic"}, {"Key": "a b", "Value": "c"}], [{"Key": "a b", "Value": "c"}, {"Key": "site", "Value": "attic"}])
        iot.replace_topic_rule(ruleName="hot", topicRulePayload={"sql": "SELECT * FROM 'other'", "actions": []})
        replaced = iot.get_topic_rule(ruleName="hot")["rule"]
        assert replaced["sql"] == "SELECT * FROM 'other'" and replaced["actions"] == [] and "errorAction" not in replaced and replaced["awsIotSqlVersion"] == "2015-10-08", replaced
        iot.disable_topic_rule(ruleName="hot")
        assert iot.get_topic_rule(ruleName="hot")["rule"]["ruleDisabled"] is True
        iot.enable_topic_rule(ruleName="hot")
        assert iot.get_topic_rule(ruleName="hot")["rule"]["ruleDisabled"] is False
        error = refused("SqlParseException", 400, iot.create_topic_rule, ruleName="bad", topicRulePayload={"sql": "SELECT * FRM 'a'", "actions": []})
        assert "line 1, column 10" in error["Error"]["Message"], error
        refused("InvalidRequestException", 400, iot.create_topic_rule, ruleName="bad", topicRulePayload={"sql": "SELECT * FROM 'a'", "actions": [{"kafka": {"destinationArn": "arn:x", "topic": "t", "clientProperties": {}}}]})
        for call in (iot.get_topic_rule, iot.delete_topic_rule, iot.enable_topic_rule, iot.disable_topic_rule):
            refused("UnauthorizedException", 401, call, ruleName="nobody")
        iot.delete_topic_rule(ruleName="hot")
        refused("UnauthorizedException", 401, iot.get_topic_rule, ruleName="hot")
        """);

    [Fact]
    public Task ListTopicRules_Boto3() => gateway.PythonAsync(
        """
        for i in range(7):
            iot.create_topic_rule(ruleName=f"listed_{i}", topicRulePayload={"sql": f"SELECT * FROM 'listed/{i}/+'", "actions": [], "ruleDisabled": i % 2 == 1})
        names = [rule["ruleName"] for rule in pages("list_topic_rules", "rules", PaginationConfig={"PageSize": 3}) if rule["ruleName"].startswith("listed_")]
        assert names == [f"listed_{i}" for i in range(7)], names
        only = iot.list_topic_rules(topic="listed/3/x")["rules"]
        assert [(rule["ruleName"], rule["topicPattern"], rule["ruleDisabled"], rule["ruleArn"]) for rule in only] == [("listed_3", "listed/3/+", True, "arn:aws:iot:edge:000000000000:rule/listed_3")], only
        assert [rule["ruleName"] for rule in iot.list_topic_rules(topic="listed/2/+")["rules"]] == ["listed_2"]
        assert {rule["ruleName"] for rule in iot.list_topic_rules(ruleDisabled=True)["rules"]} == {"listed_1", "listed_3", "listed_5"}
        """);

    [Fact]
    public async Task CreateTopicRule_AwsCli()
    {
        var payload = """{"sql":"SELECT * FROM 'cli/#'","awsIotSqlVersion":"2016-03-23","actions":[{"republish":{"roleArn":"arn:aws:iam::000000000000:role/r","topic":"copy"}}]}""";
        await gateway.CliAsync("iot", "create-topic-rule", "--rule-name", "from_cli", "--topic-rule-payload", payload);
        Assert.Contains("\"topicPattern\": \"cli/#\"", await gateway.CliAsync("iot", "list-topic-rules"), StringComparison.Ordinal);
        await gateway.CliAsync("iot", "delete-topic-rule", "--rule-name", "from_cli");
    }
}
