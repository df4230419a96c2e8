using System.Text;
using EdgeGateway.Identity.Policies;
using Xunit;

namespace EdgeGateway.Tests.Identity.Policies;

[Trait("Category", "Vectors")]
public sealed class PolicyVectorTests
{
    private const string ArnPrefix = "arn:aws:iot:us-east-1:123456789012:";

    public static TheoryData<string> Ids => [.. PolicyVector.All.Keys];

    /// <summary>The interpreter, the explainer, and where the action is asked per packet the compiled policy, all say what the vector expects.</summary>
    [Theory, MemberData(nameof(Ids))]
    public void Decide_Vector_AsExpected(string id)
    {
        var vector = PolicyVector.All[id];
        var context = vector.ToContext();

        Assert.Equal(vector.Expected, PolicyInterpreter.Decide(vector.Sources, vector.Action, vector.Resource, context));
        Assert.Equal(vector.Expected, PolicyInterpreter.Explain(vector.Sources, vector.Action, vector.Resource, context).Decision);

        var compiled = CompiledPolicy.Compile(vector.Sources, vector.ClientId ?? "", context, ArnPrefix);
        switch (vector.Action)
        {
            case PolicyActions.Connect:
                Assert.Equal($"{ArnPrefix}client/{vector.ClientId}", vector.Resource);
                Assert.Equal(vector.Expected, compiled.Connect);
                break;
            case PolicyActions.Publish:
                Assert.Equal(vector.Expected, compiled.Publish(Name("topic/")));
                break;
            case PolicyActions.RetainPublish:
                Assert.Equal(vector.Expected, compiled.RetainPublish(Name("topic/")));
                break;
            case PolicyActions.Subscribe:
                Assert.Equal(vector.Expected, compiled.Subscribe(Name("topicfilter/")));
                break;
            case PolicyActions.Receive:
                Assert.Equal(vector.Expected, compiled.Receive(Name("topic/")));
                break;
        }

        byte[] Name(string kind)
        {
            Assert.StartsWith(ArnPrefix + kind, vector.Resource, StringComparison.Ordinal);
            return Encoding.UTF8.GetBytes(vector.Resource[(ArnPrefix.Length + kind.Length)..]);
        }
    }
}
