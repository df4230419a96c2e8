using EdgeGateway.Shadows;

namespace EdgeGateway.Sync.State;

/// <summary>Reads <c>$aws/things/T/shadow[/name/N]/OPERATION/accepted</c> and its like.</summary>
internal static class ShadowAnswerTopic
{
    public static bool TryParse(string topic, out ShadowId shadow, out string operation, out bool isAccepted)
    {
        (shadow, operation, isAccepted) = (default, "", false);
        var levels = topic.Split('/');
        if (levels is not ["$aws", "things", var thing, "shadow", .. var rest])
            return false;
        var name = "";
        if (rest is ["name", var named, .. var inner])
            (name, rest) = (named, inner);
        if (rest is not [("get" or "update" or "delete") and var what, ("accepted" or "rejected") and var outcome])
            return false;
        (shadow, operation, isAccepted) = (new(thing, name), what, outcome == "accepted");
        return shadow.IsValid;
    }
}
