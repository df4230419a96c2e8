namespace EdgeGateway.Pages.Live;

/// <summary>Does a topic match a filter (MQTT 3.1.1 §4.7)? Level by level, without the speed the broker needs.</summary>
internal static class TopicMatch
{
    public static bool IsMatch(string filter, string topic)
    {
        if (topic.StartsWith('$') && (filter.StartsWith('#') || filter.StartsWith('+')))
            return false;                                                             // [MQTT-4.7.2-1]
        var wanted = filter.Split('/');
        var levels = topic.Split('/');
        for (var i = 0; i < wanted.Length; i++)
        {
            if (wanted[i] == "#")
                return true;                                                          // the parent level too: "a/#" matches "a"
            if (i >= levels.Length || (wanted[i] != "+" && wanted[i] != levels[i]))
                return false;
        }
        return wanted.Length == levels.Length;
    }

    /// <returns>What is wrong with a filter, worded for the person who typed it; null if nothing is.</returns>
    public static string? Fault(string filter)
    {
        if (filter.Length == 0)
            return "A filter needs at least one character; # takes everything.";
        var levels = filter.Split('/');
        for (var i = 0; i < levels.Length; i++)
        {
            if (levels[i].Contains('#') && (levels[i] != "#" || i != levels.Length - 1))
                return "# stands alone, as the last level: sensors/#";                // [MQTT-4.7.1-2]
            if (levels[i].Contains('+') && levels[i] != "+")
                return "+ stands alone in its level: sensors/+/telemetry";            // [MQTT-4.7.1-3]
        }
        return null;
    }
}
