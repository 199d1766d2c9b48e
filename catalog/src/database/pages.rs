//! Loads one page of each of many lists that share a table, with one statement. Does not belong here: anything about a
//! particular list.

use sea_orm::sea_query::{
    Alias, Asterisk, Condition, Expr, ExprTrait, Func, Order, Query, SelectStatement, SimpleExpr, Value,
    WindowStatement,
};
use sea_orm::{DbErr, QueryResult};
use search::paging::list::Direction;
use search::paging::{Connection, Edge};

/// How lists are told apart and sorted.
pub struct ListOrder {
    /// Column with the owner of a row.
    pub owner: &'static str,
    /// Sort key, also returned as `list_key`.
    pub key: SimpleExpr,
    /// Column that breaks ties.
    pub id: &'static str,
    /// Direction of both.
    pub direction: Direction,
}

/// Position of a row in its list.
#[derive(Clone, Copy, Debug)]
pub struct RowPosition {
    /// Position in the whole list, from 1.
    position: i64,
    /// Number of rows up to and including the cursor.
    before: i64,
    total: i64,
}

/// Reduces `rows` to one page per list: at most `limit` rows after a key and an ID. The first row of each list is
/// always included, even if the page is empty, because it carries the counts.
pub fn pages(mut rows: SelectStatement, by: ListOrder, after: Option<(Value, i64)>, limit: usize) -> SelectStatement {
    let name = Alias::new;
    let of_owner = || WindowStatement::partition_by(name(by.owner));
    let order = || match by.direction {
        Direction::Asc => Order::Asc,
        Direction::Desc => Order::Desc,
    };
    let ordered = of_owner().order_by_expr(by.key.clone(), order()).order_by(name(by.id), order()).take();
    let before = after.map_or(Expr::value(0), |(key, id)| up_to(&by, key, id));
    rows.expr_as(by.key.clone(), name("list_key"))
        .expr_window_as(Func::cust(name("row_number")), ordered, name("list_place"))
        .expr_window_as(Func::count(Expr::col(Asterisk)), of_owner(), name("list_total"))
        .expr_window_as(Func::sum(before), of_owner(), name("list_before"));
    let column = |column| Expr::col(name(column));
    let page = Condition::all()
        .add(column("list_place").gt(column("list_before")))
        .add(column("list_place").lte(column("list_before").add(limit as i64)));
    Query::select()
        .column(Asterisk)
        .from_subquery(rows, name("lists"))
        .cond_where(Condition::any().add(column("list_place").eq(1)).add(page))
        .order_by(name("list_place"), Order::Asc)
        .take()
}

/// 1 for a row up to this position, else 0.
fn up_to(by: &ListOrder, key: Value, id: i64) -> SimpleExpr {
    let (key_column, tie) = (|| by.key.clone(), || Expr::col(Alias::new(by.id)));
    let (before, tied) = match by.direction {
        Direction::Asc => (key_column().lt(key.clone()), tie().lte(id)),
        Direction::Desc => (key_column().gt(key.clone()), tie().gte(id)),
    };
    let up_to = Condition::any().add(before).add(Condition::all().add(key_column().eq(key)).add(tied));
    Expr::case(up_to, 1).finally(0).into()
}

impl RowPosition {
    /// Reads the position from a row.
    pub fn read(row: &QueryResult) -> Result<Self, DbErr> {
        let number = |column| row.try_get("", column);
        Ok(Self { position: number("list_place")?, before: number("list_before")?, total: number("list_total")? })
    }
}

/// Builds the page from the rows of one list.
pub fn page_of<R, T>(
    rows: &[R],
    position: impl Fn(&R) -> RowPosition,
    edge: impl Fn(&R) -> Option<Edge<T>>,
) -> Connection<T> {
    let (before, total) = rows.first().map(&position).map_or((0, 0), |first| (first.before, first.total));
    let page_rows: Vec<&R> = rows.iter().filter(|row| position(row).position > before).collect();
    Connection {
        has_next: page_rows.last().is_some_and(|row| position(row).position < total),
        has_previous: before > 0,
        total: total.unsigned_abs() as usize,
        edges: page_rows.into_iter().filter_map(edge).collect(),
    }
}
