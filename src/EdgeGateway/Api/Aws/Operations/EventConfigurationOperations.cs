using EdgeGateway.Registry;

namespace EdgeGateway.Api.Aws.Operations;

internal sealed class EventConfigurationOperations(IEventConfigurations configurations) : IAwsOperations
{
    public IEnumerable<KeyValuePair<string, AwsHandler>> Handlers =>
    [
        new("DescribeEventConfigurations", Describe),
        new("UpdateEventConfigurations", Update),
    ];

    private ValueTask<AwsReply> Describe(AwsCall call, CancellationToken cancellationToken) => new(AwsReply.Json(writer =>
    {
        writer.WriteObject("eventConfigurations", map =>
        {
            foreach (var (category, isEnabled) in configurations.All)
                map.WriteObject(category, configuration => configuration.WriteBoolean("Enabled"u8, isEnabled));
        });
        writer.WriteTime("creationDate", configurations.CreatedAt);
        writer.WriteTime("lastModifiedDate", configurations.ModifiedAt);
    }));

    private ValueTask<AwsReply> Update(AwsCall call, CancellationToken cancellationToken)
    {
        var wanted = call.Body.Object("eventConfigurations") ?? AwsObject.None;
        var categories = wanted.Names.ToDictionary(static name => name, name => wanted.Object(name)!.Value.Boolean("Enabled"), StringComparer.Ordinal);
        return configurations.UpdateAsync(categories, cancellationToken).ReplyEmptyAsync();
    }
}
