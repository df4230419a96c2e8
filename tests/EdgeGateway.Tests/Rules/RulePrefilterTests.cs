using System.Text;
using EdgeGateway.Messaging;
using EdgeGateway.Rules;
using EdgeGateway.Rules.Sql;
using EdgeGateway.Tests.Rules.Sql;
using Xunit;

namespace EdgeGateway.Tests.Rules;

public sealed class RulePrefilterTests
{
    private static readonly SqlContext Context = new() { Time = TimeProvider.System };

    [Fact]
    public void MayPass_WhereFalse_AllocatesNothing()
    {
        var statement = Parse("SELECT * FROM 'sensors/+/telemetry' WHERE temperature > 30 AND units.t = 'C' AND status <> 'off' AND topic(2) = 'x'");
        var topic = "sensors/x/telemetry"u8.ToArray();
        var hot = """{"time":1767225600123,"temperature":31.43,"humidity":48.2,"status":"off","units":{"t":"C"}}"""u8.ToArray();
        var cold = """{"time":1767225600124,"temperature":21.43,"humidity":48.2,"status":"on","units":{"t":"C"}}"""u8.ToArray();
        Assert.True(RulePrefilter.Suits(statement));
        Assert.False(Look(hot, 0) || Look(cold, 0));
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                Look(hot, i);
                Look(cold, i);
            }
        }));

        bool Look(byte[] payload, int at) => RulePrefilter.MayPass(statement, Context, new MessageView { Topic = topic, Payload = payload, Origin = MessageOrigin.Client, ReceivedAt = at });
    }

    [Fact]
    public void MayPass_EveryVectorItSuits_AgreesWithTheEvaluation()
    {
        var looked = 0;
        foreach (var vector in RuleVector.ById.Values)
        {
            if (!SqlVersions.TryParse(vector.Version, out var version) || SqlStatement.Parse(vector.Sql, version).Statement is not { } statement || !RulePrefilter.Suits(statement))
                continue;
            var view = new MessageView { Topic = Encoding.UTF8.GetBytes(vector.Topic), Payload = vector.Payload, Origin = MessageOrigin.Client, ClientId = vector.ClientId, ReceivedAt = vector.Timestamp };
            var message = new SqlMessage { Topic = vector.Topic, Payload = vector.Payload, ClientId = vector.ClientId, Timestamp = vector.Timestamp };
            Assert.Equal(statement.Evaluate(message, Context) is not SqlResult.NoMatch, RulePrefilter.MayPass(statement, Context, view));
            looked++;
        }
        Assert.True(looked > 20, $"{looked}");
    }

    [Theory]
    [InlineData("SELECT * FROM 'a'")]
    [InlineData("SELECT * FROM 'a' WHERE regexp_matches(x, '(a+)+')")]
    [InlineData("SELECT * FROM 'a' WHERE get_thing_shadow('t', 'r').x = 1")]
    [InlineData("SELECT * FROM 'a' WHERE EXISTS (SELECT * FROM x)")]
    [InlineData("SET @x = 1 SELECT * FROM 'a' WHERE @x = 1")]
    public void Suits_WhatCostsOrIsNotThere_IsLeftToTheLoop(string sql) => Assert.False(RulePrefilter.Suits(Parse(sql)));

    private static SqlStatement Parse(string sql) => SqlStatement.Parse(sql, SqlVersion.V20160323).Statement!;
}
