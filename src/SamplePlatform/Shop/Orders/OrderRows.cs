using Kpi.SamplePlatform.Shop.Statements;
using Npgsql;

namespace Kpi.SamplePlatform.Shop.Orders;

/// <summary>An order as it comes from the shard: one row per line, with the order's own columns first.</summary>
internal static class OrderRows
{
    /// <summary>null: no row, no order.</summary>
    public static async Task<Order?> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        var rows = await reader.RowsAsync(
            static row => (
                Order: new ListedOrder(row.GetInt64(0), row.GetFieldValue<DateTimeOffset>(1), row.GetInt64(2)),
                Line: new OrderLine(row.GetInt64(3), row.GetString(4), row.GetInt32(5), row.GetInt64(6))),
            cancellation).ConfigureAwait(false);
        return rows is [var (order, _), ..] ? new Order(order.Id, order.PlacedAt, order.TotalCents, [.. rows.Select(r => r.Line)]) : null;
    }
}
