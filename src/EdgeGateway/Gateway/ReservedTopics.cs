using EdgeGateway.Messaging;

namespace EdgeGateway.Gateway;

/// <summary>Which topics below '$' are open to clients; policies apply on top.</summary>
internal static class ReservedTopics
{
    /// <summary>A client may publish to it: anything not below '$', the request topics of the services, basic ingest.</summary>
    public static bool MayPublish(ReadOnlySpan<byte> topic)
    {
        if (topic is not [(byte)'$', ..])
            return true;
        if (!topic.StartsWith("$aws/"u8))
            return false;
        var rest = topic[5..];
        if (rest.StartsWith("rules/"u8))
            return rest.Length > 6 && rest[6] != '/';
        if (rest.StartsWith("things/"u8))
            return IsThingRequest(rest[7..]);
        if (rest.StartsWith("commands/"u8))
            return IsCommandResponse(rest[9..]);
        if (rest.EndsWith("/accepted"u8) || rest.EndsWith("/rejected"u8))
            return false; // a claim policy covers the answers' topics too, and nobody may forge another device's certificate
        return rest.StartsWith("certificates/create/"u8) || rest.StartsWith("certificates/create-from-csr/"u8)
            || (rest.StartsWith("provisioning-templates/"u8) && rest.IndexOf("/provision/"u8) > 0);
    }

    /// <summary>A client may subscribe to it: anything not below '$', the services' topics, events, statistics; not basic ingest.</summary>
    public static bool MaySubscribe(ReadOnlySpan<byte> filter)
    {
        if (filter is not [(byte)'$', ..])
            return true;
        if (filter.StartsWith("$SYS/"u8))
            return true;
        if (!filter.StartsWith("$aws/"u8))
            return false;
        return !filter.StartsWith("$aws/rules"u8);
    }

    // {things,clients}/NAME/executions/ID/response[/{json,cbor}]
    private static bool IsCommandResponse(ReadOnlySpan<byte> rest)
    {
        var kind = Topics.NextLevel(ref rest, out var ended);
        if (ended || !(kind.SequenceEqual("things"u8) || kind.SequenceEqual("clients"u8)))
            return false;
        Topics.NextLevel(ref rest, out ended);
        if (ended || !Topics.NextLevel(ref rest, out ended).SequenceEqual("executions"u8) || ended)
            return false;
        Topics.NextLevel(ref rest, out ended);
        return !ended && (rest.SequenceEqual("response"u8) || rest.SequenceEqual("response/json"u8) || rest.SequenceEqual("response/cbor"u8));
    }

    // …/shadow[/name/N]/{get,update,delete}, …/jobs/…, …/streams/N/{describe,get}/FMT, …/defender/metrics/FMT; answers are ours to send.
    private static bool IsThingRequest(ReadOnlySpan<byte> afterThings)
    {
        Topics.NextLevel(ref afterThings, out var ended);
        if (ended)
            return false;
        var service = Topics.NextLevel(ref afterThings, out ended);
        if (ended)
            return false;
        if (service.SequenceEqual("shadow"u8))
        {
            if (afterThings.StartsWith("name/"u8))
            {
                afterThings = afterThings[5..];
                Topics.NextLevel(ref afterThings, out ended);
                if (ended)
                    return false;
            }
            return afterThings.SequenceEqual("get"u8) || afterThings.SequenceEqual("update"u8) || afterThings.SequenceEqual("delete"u8);
        }
        if (service.SequenceEqual("jobs"u8))
            return !afterThings.EndsWith("/accepted"u8) && !afterThings.EndsWith("/rejected"u8) && !afterThings.StartsWith("notify"u8);
        if (service.SequenceEqual("streams"u8))
            return afterThings.IndexOf("/describe/"u8) > 0 || afterThings.IndexOf("/get/"u8) > 0;
        return service.SequenceEqual("defender"u8) && afterThings.StartsWith("metrics/"u8) && !afterThings.EndsWith("/accepted"u8) && !afterThings.EndsWith("/rejected"u8);
    }
}
