using System.Text.Json;
using EdgeGateway.Rules.Http;

namespace EdgeGateway.Api.Aws.Operations;

/// <summary>Destinations of the http action (AWS guide: HTTP action).</summary>
internal sealed class TopicRuleDestinationOperations(IHttpDestinations destinations) : IAwsOperations
{
    public IEnumerable<KeyValuePair<string, AwsHandler>> Handlers =>
    [
        new("CreateTopicRuleDestination", CreateAsync),
        new("GetTopicRuleDestination", Get),
        new("ListTopicRuleDestinations", List),
        new("UpdateTopicRuleDestination", UpdateAsync),
        new("DeleteTopicRuleDestination", DeleteAsync),
        new("ConfirmTopicRuleDestination", ConfirmAsync),
    ];

    private async ValueTask<AwsReply> CreateAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var configuration = call.Body.Object("destinationConfiguration") ?? throw AwsException.Missing("destinationConfiguration");
        if (configuration.Object("httpUrlConfiguration") is not { } http)
            throw AwsException.InvalidRequest("destinationConfiguration has no httpUrlConfiguration: a VPC is a thing of the cloud");
        var url = http.Required("confirmationUrl");
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw AwsException.InvalidRequest($"confirmationUrl is '{url}', expected an address such as https://example.com/hook");
        if (destinations.All.Any(known => known.Url == url))
            return AwsReply.Error(409, "ResourceAlreadyExistsException", $"there is a destination for {url} already");
        var made = await destinations.CreateAsync(url, cancellationToken);
        return AwsReply.Json(writer => writer.WriteObject("topicRuleDestination", item => Write(item, made, isSummary: false)));
    }

    private ValueTask<AwsReply> Get(AwsCall call, CancellationToken cancellationToken)
    {
        var found = Find(call.Label("arn"));
        return new(AwsReply.Json(writer => writer.WriteObject("topicRuleDestination", item => Write(item, found, isSummary: false))));
    }

    private ValueTask<AwsReply> List(AwsCall call, CancellationToken cancellationToken)
    {
        var page = call.Page(destinations.All, static destination => destination.Arn, atMost: 1000);
        return new(AwsReply.Json(writer =>
        {
            writer.WriteObjects("destinationSummaries", page.Items, static (item, destination) => Write(item, destination, isSummary: true));
            writer.WriteOptional("nextToken", page.NextToken);
        }));
    }

    private async ValueTask<AwsReply> UpdateAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var found = Find(call.Body.Required("arn"));
        HttpDestinationStatus wanted = call.Body.Required("status") switch
        {
            "ENABLED" => HttpDestinationStatus.Enabled,
            "DISABLED" => HttpDestinationStatus.Disabled,
            "IN_PROGRESS" => HttpDestinationStatus.InProgress,
            var other => throw AwsException.InvalidRequest($"status is '{other}', expected ENABLED, DISABLED or IN_PROGRESS"),
        };
        // What was never confirmed cannot be switched on.
        if (wanted == HttpDestinationStatus.Enabled && found.Status is not (HttpDestinationStatus.Enabled or HttpDestinationStatus.Disabled))
            throw AwsException.InvalidRequest($"the destination is {HttpDestinations.Word(found.Status)}: it must be confirmed first");
        if (wanted == HttpDestinationStatus.Disabled && found.Status == HttpDestinationStatus.InProgress)
            throw AwsException.InvalidRequest("the destination is IN_PROGRESS: it must be confirmed first");
        await destinations.SetStatusAsync(found.Arn, wanted, cancellationToken);
        return AwsReply.Empty;
    }

    private async ValueTask<AwsReply> DeleteAsync(AwsCall call, CancellationToken cancellationToken) =>
        await destinations.DeleteAsync(call.Label("arn"), cancellationToken) ? AwsReply.Empty : throw Missing(call.Label("arn"));

    private async ValueTask<AwsReply> ConfirmAsync(AwsCall call, CancellationToken cancellationToken) =>
        await destinations.ConfirmAsync(call.Label("confirmationToken"), cancellationToken)
            ? AwsReply.Empty
            : throw AwsException.InvalidRequest("the confirmation token is none that is awaited: it is used, over, or wrong");

    private HttpDestination Find(string arn) => destinations.Find(arn) ?? throw Missing(arn);

    private static AwsException Missing(string arn) => new(401, "UnauthorizedException", $"there is no destination {arn}, or it is not for you");

    private static void Write(Utf8JsonWriter writer, HttpDestination destination, bool isSummary)
    {
        writer.WriteString("arn", destination.Arn);
        writer.WriteString("status", HttpDestinations.Word(destination.Status));
        writer.WriteOptional("statusReason", destination.Reason);
        writer.WriteTime("createdAt", destination.CreatedAt);
        writer.WriteTime("lastUpdatedAt", destination.UpdatedAt);
        writer.WriteObject(isSummary ? "httpUrlSummary" : "httpUrlProperties", item => item.WriteString("confirmationUrl", destination.Url));
    }
}
