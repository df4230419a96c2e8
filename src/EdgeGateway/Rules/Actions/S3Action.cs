using EdgeGateway.Rules.Objects;
using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules.Actions;

/// <summary>`s3` (docs/rules.md): the payload as an object, `objects/BUCKET/KEY` of the data folder. A fixed key is replaced each time, with `mode: append` each payload is a line of it.</summary>
internal sealed class S3Action : IRuleAction
{
    private static readonly string[] Acls = ["private", "public-read", "public-read-write", "aws-exec-read", "authenticated-read", "bucket-owner-read", "bucket-owner-full-control", "log-delivery-write"];
    private static readonly ObjectSettings Plain = new(Appends: false, 0, TimeSpan.Zero, IsCompressed: false, TimeSpan.Zero, 0);
    private readonly ObjectFiles _objects;
    private readonly SqlTemplate _bucket;
    private readonly SqlTemplate _key;
    private readonly ObjectSettings _settings;

    private S3Action(ObjectFiles objects, SqlTemplate bucket, SqlTemplate key, ObjectSettings settings) => (_objects, _bucket, _key, _settings) = (objects, bucket, key, settings);

    public string FailureName => "S3Action";

    public static S3Action Create(ActionParameters parameters, ObjectFiles objects)
    {
        if (parameters.Text("cannedAcl") is { } acl && !Acls.Contains(acl)) // everybody who may read objects here may read this one
            throw parameters.Invalid("cannedAcl", $"is {acl}, expected {string.Join(", ", Acls)}");
        return new(objects, parameters.Template("bucketName"), parameters.Template("key"), ObjectSettings.Read(parameters, Plain));
    }

    public async ValueTask<RuleActionFailure?> ExecuteAsync(RuleFiring firing, CancellationToken cancellationToken)
    {
        var (bucket, key) = (firing.Render(_bucket, "bucketName"), firing.Render(_key, "key"));
        var resource = $"{bucket}/{key}";
        if (!ObjectName.IsBucket(bucket) || !ObjectName.IsKey(key))
            return new(resource, $"{resource} is no name of an object: parts of a path, none of them '..'", "InvalidKey", IsRecoverable: false);
        if (firing.DeniedArn("s3:PutObject", $"arn:aws:s3:::{resource}", resource) is { } denied)
            return denied;
        await _objects.WriteAsync(bucket, key, _settings.Appends ? Line(firing.Payload) : firing.Payload, _settings);
        return null;
    }

    private static byte[] Line(ReadOnlyMemory<byte> payload) => [.. payload.Span, (byte)'\n'];
}
