using EdgeGateway.Rules.Delivery;
using EdgeGateway.Rules.Functions;
using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules.Actions;

/// <summary>`lambda` (docs/rules.md): calls a local function with the outgoing payload; its answer does not matter.</summary>
internal sealed class LambdaAction : ISendingAction
{
    private readonly FunctionSender _sender;
    private readonly SqlTemplate _function;

    private LambdaAction(FunctionSender sender, SqlTemplate function) => (_sender, _function) = (sender, function);

    public string FailureName => "LambdaAction";

    public IParcelSender SenderOf(Parcel parcel) => _sender;

    public static LambdaAction Create(ActionParameters parameters, FunctionSender sender) => new(sender, parameters.Template("functionArn"));

    public RuleActionFailure? Prepare(RuleFiring firing, out IReadOnlyList<Parcel> parcels)
    {
        parcels = [];
        var arn = firing.Render(_function, "functionArn");
        var name = FunctionDefinition.NameOf(arn);
        if (firing.Denied("lambda:InvokeFunction", "lambda", $"function:{name}") is { } denied)
            return denied;
        if (!firing.IsJson)
            return new(name, "a function takes JSON; encode a binary payload in the SELECT", "InvalidPayload", IsRecoverable: false);
        var call = new FunctionCall(firing.RuleName, firing.Message.Topic, firing.Message.ClientId, firing.Message.TraceId);
        parcels = [new Parcel(FunctionSender.KindName, FunctionDefinition.QualifiedNameOf(arn), FunctionSender.Write(call, firing.Payload))];
        return null;
    }

}
