using EdgeGateway.Api.Aws.Records;

namespace EdgeGateway.Api.Aws.Bulk;

/// <summary>One bulk registration, as its record says.</summary>
internal sealed class RegistrationTask(AwsRecord record)
{
    public const string Kind = "registration-task";

    public string Id => record.Name;
    public string TemplateBody => record.Text("templateBody")!;
    public string Bucket => record.Text("bucket")!;
    public string Key => record.Text("key")!;
    public string RoleArn => record.Text("roleArn")!;

    /// <summary><c>InProgress</c>, <c>Completed</c>, <c>Failed</c>, <c>Cancelling</c> or <c>Cancelled</c>.</summary>
    public string Status => record.Text("status")!;

    /// <summary>Why it failed; null otherwise.</summary>
    public string? Message => record.Text("message");

    public string Actor => record.Text("actor")!;

    /// <summary>Lines that became things.</summary>
    public long Succeeded => record.Document["succeeded"]!.GetValue<long>();

    /// <summary>Lines that were refused; the report of errors says why.</summary>
    public long Failed => record.Document["failed"]!.GetValue<long>();

    public int Percent => record.Document["percent"]!.GetValue<int>();

    public long Created => record.Created;
    public long Modified => record.Modified;
}
