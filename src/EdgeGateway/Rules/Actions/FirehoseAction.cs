using System.Text;
using System.Text.Json;
using EdgeGateway.Rules.Objects;
using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules.Actions;

/// <summary>
/// `firehose` (docs/rules.md): records gathered into files of the bucket `firehose`, `NAME/yyyy/MM/dd/HH/NAME-…`, set aside by size or age
/// (AWS's 5 MB and 5 minutes if absent). Each record is on disk before the action counts as done.
/// </summary>
internal sealed class FirehoseAction : IRuleAction
{
    public const string Bucket = "firehose";
    private const int MaxRecords = 500;
    private static readonly ObjectSettings Buffering = new(Appends: true, 5 << 20, TimeSpan.FromMinutes(5), IsCompressed: false, TimeSpan.Zero, 0);
    private readonly ObjectFiles _objects;
    private readonly SqlTemplate _stream;
    private readonly byte[] _separator;
    private readonly bool _isBatch;
    private readonly ObjectSettings _settings;

    private FirehoseAction(ObjectFiles objects, SqlTemplate stream, string separator, bool isBatch, ObjectSettings settings) =>
        (_objects, _stream, _separator, _isBatch, _settings) = (objects, stream, Encoding.UTF8.GetBytes(separator), isBatch, settings);

    public string FailureName => "FirehoseAction";

    public static FirehoseAction Create(ActionParameters parameters, ObjectFiles objects)
    {
        var separator = parameters.Text("separator") ?? "";
        if (separator is not ("" or "\n" or "\t" or "\r\n" or ","))
            throw parameters.Invalid("separator", "is none of \\n, \\t, \\r\\n and ,");
        return new(objects, parameters.Template("deliveryStreamName"), separator, parameters.Boolean("batchMode"), ObjectSettings.Read(parameters, Buffering) with { Appends = true });
    }

    public async ValueTask<RuleActionFailure?> ExecuteAsync(RuleFiring firing, CancellationToken cancellationToken)
    {
        var name = firing.Render(_stream, "deliveryStreamName");
        if (!ObjectName.IsBucket(name))
            return new(name, $"{name} is no name of a delivery stream", "InvalidName", IsRecoverable: false);
        if (firing.Denied("firehose:PutRecord", "firehose", $"deliverystream/{name}") is { } denied)
            return denied;
        using var bytes = new MemoryStream();
        if (_isBatch && firing.IsJson && Records(firing.Payload) is { } records)
        {
            if (records.Count > MaxRecords)
                return new(name, $"a batch has at most {MaxRecords} records, not {records.Count}", "TooManyRecords", IsRecoverable: false);
            foreach (var record in records)
                Write(bytes, record);
        }
        else
        {
            Write(bytes, firing.Payload.Span);
        }
        await _objects.WriteAsync(Bucket, $"{name}/{name}.part", bytes.ToArray(), _settings, $"{name}/{{hour}}/{name}-{{time}}");
        return null;
    }

    // Null where it is no list: then it is one record, as without batchMode.
    private static List<byte[]>? Records(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Array ? [.. document.RootElement.EnumerateArray().Select(static item => Encoding.UTF8.GetBytes(item.GetRawText()))] : null;
    }

    private void Write(MemoryStream bytes, ReadOnlySpan<byte> record)
    {
        bytes.Write(record);
        bytes.Write(_separator);
    }
}
