using EdgeGateway.Messaging;
using EdgeGateway.Rules.Functions;
using EdgeGateway.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Rules.Notify;

/// <inheritdoc cref="INotifications"/>
internal sealed class NotifyStore(Database database, SmtpOptions smtp) : INotifications
{
    private volatile IReadOnlyList<NotifySubscription> _all = database.Read(Load);

    public IReadOnlyList<NotifySubscription> All => _all;

    public IReadOnlyList<NotifySubscription> Of(string topic) => [.. _all.Where(subscription => subscription.Topic == topic)];

    public async Task<RuleError?> SubscribeAsync(string topic, string protocol, string endpoint)
    {
        if (!NotifySubscription.IsValidTopic(topic))
            return new(RuleErrorKind.InvalidRequest, $"{topic} is not a name for a topic of sns: 1 to 256 letters, digits, '-', '_' and '.'");
        var fault = protocol switch
        {
            "http" or "https" => Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) && uri.Scheme == protocol ? null : $"{endpoint} is not an address of {protocol}",
            "mqtt" => Topics.IsValidName(endpoint) ? null : $"{endpoint} is not a topic",
            "lambda" => FunctionDefinition.IsValidName(FunctionDefinition.NameOf(endpoint)) ? null : $"{endpoint} is not a function",
            "email" => smtp.Host is null ? "no mail server is configured: set rules.smtp.host and rules.smtp.from" : MimeKit.MailboxAddress.TryParse(endpoint, out _) ? null : $"{endpoint} is not a mail address",
            "sms" => "sms is not available here: a webhook, an MQTT topic or a function of your own can send it",
            _ => $"the protocol is {protocol}, expected http, https, mqtt, lambda or email",
        };
        if (fault is not null)
            return new(RuleErrorKind.InvalidRequest, fault);
        _all = await database.WriteAsync(connection =>
        {
            connection.Execute("INSERT INTO rule_subscription (topic, protocol, endpoint) VALUES ($topic, $protocol, $endpoint) ON CONFLICT DO NOTHING", ("$topic", topic), ("$protocol", protocol), ("$endpoint", endpoint));
            return Load(connection);
        });
        return null;
    }

    public async Task<bool> UnsubscribeAsync(long id)
    {
        var isGone = false;
        _all = await database.WriteAsync(connection =>
        {
            isGone = connection.Execute("DELETE FROM rule_subscription WHERE id = $id", ("$id", id)) == 1;
            return Load(connection);
        });
        return isGone;
    }

    private static IReadOnlyList<NotifySubscription> Load(SqliteConnection connection) => connection.Rows(
        "SELECT id, topic, protocol, endpoint FROM rule_subscription ORDER BY topic, id", static row => new NotifySubscription(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3)));
}
